/** `pnpm check:exports`: publint and "are the types wrong" on the tarballs of all packages. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packAll } from "./pack.mjs";
import { execute, root, runCommand } from "./workspace.mjs";

const bin = (name) => join(root, "node_modules", ".bin", name);

await runCommand(() => {
  const folder = mkdtempSync(join(tmpdir(), "semifactor-pack-"));
  try {
    for (const tarball of Object.values(packAll(folder))) {
      execute(bin("publint"), ["run", tarball, "--strict"]);
      execute(bin("attw"), [tarball, "--profile", "esm-only", "--no-emoji"]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
