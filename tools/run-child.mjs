import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Signals of one key press arrive within this many milliseconds of each other. */
const samePress = 300;

/**
 * Runs Node with these arguments in the foreground and resolves to its exit code; a signal is passed on once.
 *
 * The child leads a process group of its own: npm passes on a Ctrl-C that the terminal has already sent to every process of
 * the foreground group, and the child must see it once. It ends with this process, killed or not (follow-parent.mjs).
 */
export function runChild(args) {
  const follow = new URL("./follow-parent.mjs", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", follow, ...args], {
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
