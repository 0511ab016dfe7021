/**
 * `pnpm check:pack`: packs all packages, installs the tarballs into an empty project with npm, typechecks a consumer of
 * them (strict, declarations included) and runs it.
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packAll } from "./pack.mjs";
import { execute, root, runCommand } from "./workspace.mjs";

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

const compilerOptions = {
  target: "ES2022",
  module: "NodeNext",
  moduleResolution: "NodeNext",
  lib: ["ES2023", "DOM"],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  outDir: "out",
};

await runCommand(() => {
  const folder = mkdtempSync(join(tmpdir(), "semifactor-consumer-"));
  const write = (name, value) => writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  try {
    const tarballs = Object.entries(packAll(folder)).map(([name, path]) => [name, `file:${path}`]);
    // The packages depend on each other by version; they are not in the registry, so each is pointed to its tarball.
    const overrides = Object.fromEntries(tarballs.map(([name]) => [name, `$${name}`]));
    write("package.json", { private: true, type: "module", dependencies: Object.fromEntries(tarballs), overrides });
    write("tsconfig.json", { compilerOptions, files: ["consumer.ts"] });
    copyFileSync(join(root, "tools", "pack-consumer", "consumer.ts"), join(folder, "consumer.ts"));
    execute(npm, ["install", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: folder });
    execute(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"], { cwd: folder });
    execute(process.execPath, ["out/consumer.js"], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
