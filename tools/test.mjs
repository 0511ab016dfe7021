/** `npm test [-- filter]`: installs what is missing, checks the types and runs every test; arguments go to vitest. */

import { join } from "node:path";
import { ensureInstalled, execute, pnpm, requireNode, root, runCommand } from "./workspace.mjs";

const bin = (name) => join(root, "node_modules", name);

await runCommand((args) => {
  requireNode();
  ensureInstalled();
  pnpm(["--filter", "@semifactor/train", "run", "--if-present", "build:wasm"]);
  execute(process.execPath, [bin("typescript/bin/tsc"), "--noEmit", "-p", "tsconfig.json"]);
  return execute(process.execPath, [bin("vitest/vitest.mjs"), "run", ...args], { check: false });
});
