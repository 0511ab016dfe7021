/**
 * What the commands of this repository share: where things are, whether the dependencies are installed and whether the
 * builds are up to date. Plain JavaScript on Node's own modules, because it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The packages that are published, each after the ones it imports. */
export const packageNames = ["ghmm", "sfp", "train", "diagnostics"];

const windows = process.platform === "win32";

/** A failure whose message already says what to do: shown without a stack. */
export class CommandError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Runs `main`, prints a {@link CommandError} as one message and ends with its exit code. */
export async function runCommand(main) {
  try {
    const code = await main(process.argv.slice(2));
    process.exitCode = code ?? 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}

/** Runs a program in the foreground. Throws when it fails, unless `check` is false; returns its exit status. */
export function execute(command, args, { cwd = root, env = {}, check = true, stdio = "inherit" } = {}) {
  const result = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, stdio, shell: windows });
  if (result.error) throw new CommandError(`${command}: ${result.error.message}`);
  const status = result.status ?? 1;
  if (check && status !== 0) {
    const output = stdio === "pipe" ? `\n${result.stdout}${result.stderr}` : "";
    throw new CommandError(`failed with exit code ${status}: ${[command, ...args].join(" ")}${output}`, status);
  }
  return status;
}

/** Fails with a remedy when this Node is older than the `engines` entry of package.json asks for. */
export function requireNode(version = process.versions.node) {
  const wanted = readJson(join(root, "package.json")).engines.node.replace(/^>=/, "");
  const [major, minor = 0] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor = 0] = wanted.split(".").map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new CommandError(
    `semifactor needs Node ${wanted} or newer, this is Node ${version}.\n` +
      "Install a newer one from https://nodejs.org (or: nvm install 20) and run the command again.",
  );
}

/** pnpm as `[command, ...arguments]`: an installed one of the pinned version, else the pinned version through npx. */
export function pnpmCommand() {
  const pinned = readJson(join(root, "package.json")).packageManager;
  const installed = spawnSync("pnpm", ["--version"], { cwd: root, encoding: "utf8", shell: windows });
  if (installed.status === 0 && `pnpm@${installed.stdout.trim()}` === pinned) return ["pnpm"];
  return ["npx", "-y", pinned];
}

/** Runs pnpm with these arguments. */
export function pnpm(args, options) {
  const [command, ...first] = pnpmCommand();
  return execute(command, [...first, ...args], options);
}

/** True when node_modules holds exactly what pnpm-lock.yaml asks for (pnpm keeps a copy of what it installed). */
export function isInstalled() {
  const installed = join(root, "node_modules", ".pnpm", "lock.yaml");
  if (!existsSync(installed) || !existsSync(join(root, "node_modules", ".modules.yaml"))) return false;
  return readFileSync(installed, "utf8") === readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
}

/** Installs the locked dependencies when they are missing or out of date. */
export function ensureInstalled() {
  if (isInstalled()) return;
  process.stderr.write("semifactor: installing dependencies (the first time takes a minute or two)\n");
  const status = pnpm(["install", "--frozen-lockfile", "--config.confirmModulesPurge=false"], { check: false });
  if (status === 0) return;
  throw new CommandError(
    `semifactor: installing the dependencies failed (exit code ${status}; the reason is above).\n` +
      "The first run needs the npm registry. Without internet access: run `npm start` once where there is access and\n" +
      "copy the whole folder, or point npm to a mirror (npm config set registry URL). Then run the command again.",
  );
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === "node_modules" || entry.name === "dist") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

/** The folders whose sources `npm start` runs. */
const builtFolders = [...packageNames.map((name) => join("packages", name)), join("examples", "experiments")];

/** A hash over every file that a build reads (tests and documents aside). */
export function sourceHash() {
  const hash = createHash("sha256");
  const add = (path) =>
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  for (const name of ["package.json", "pnpm-lock.yaml", "tsconfig.base.json"]) add(join(root, name));
  add(join(root, "tools", "tsup.ts"));
  for (const folder of builtFolders) {
    for (const path of filesBelow(join(root, folder))) {
      const name = relative(join(root, folder), path);
      if (name.endsWith(".test.ts") || name.endsWith("wasm-binary.ts")) continue;
      if (name.startsWith("src") || ["package.json", "tsup.config.ts"].includes(name)) add(path);
    }
  }
  return hash.digest("hex");
}

const stamp = join(root, "node_modules", ".cache", "semifactor", "build");

/** Builds the packages and the experiments when their sources have changed since the last build. */
export function ensureBuilt() {
  const hash = sourceHash();
  const complete = builtFolders.every((folder) => existsSync(join(root, folder, "dist")));
  if (complete && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  process.stderr.write("semifactor: building\n");
  rmSync(stamp, { force: true });
  execute(process.execPath, [join(root, "tools", "build.mjs"), "--quiet"]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
