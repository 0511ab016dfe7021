/**
 * `npm start`: installs and builds what is missing or out of date, then runs the study with the given arguments.
 *
 * The study is a process group of its own: npm passes on a Ctrl-C that the terminal has already sent to every process
 * of the foreground group, and the study must see it once.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, requireNode, root, runCommand } from "./workspace.mjs";

/** Signals of one key press arrive within this many milliseconds of each other. */
const samePress = 300;

/** Node 20 runs WebAssembly's relaxed SIMD instructions only when asked; later versions do so by themselves. */
const engineFlags = Number(process.versions.node.split(".")[0]) < 22 ? ["--experimental-wasm-relaxed-simd"] : [];

function runStudy(args) {
  const flags = [...engineFlags, "--import", new URL("./follow-parent.mjs", import.meta.url).href];
  const program = join(root, "examples", "experiments", "dist", "cli.js");
  const child = spawn(process.execPath, [...flags, program, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: process.platform !== "win32",
  });
  const lastSent = new Map();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      const now = Date.now();
      if (now - (lastSent.get(signal) ?? 0) < samePress) return;
      lastSent.set(signal, now);
      child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 1)));
  });
}

await runCommand(async (args) => {
  requireNode();
  ensureInstalled();
  ensureBuilt();
  return runStudy(args);
});
