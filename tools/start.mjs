/** `npm start`: installs and builds what is missing or out of date, then runs the study with the given arguments. */
import { join } from "node:path";
import { runChild } from "./run-child.mjs";
import { ensureBuilt, ensureInstalled, requireNode, root, runCommand } from "./workspace.mjs";

/** Node 20 runs WebAssembly's relaxed SIMD instructions only when asked; later versions do so by themselves. */
const engineFlags = Number(process.versions.node.split(".")[0]) < 22 ? ["--experimental-wasm-relaxed-simd"] : [];

await runCommand((args) => {
  requireNode();
  ensureInstalled();
  ensureBuilt();
  return runChild([...engineFlags, join(root, "examples", "experiments", "dist", "cli.js"), ...args]);
});
