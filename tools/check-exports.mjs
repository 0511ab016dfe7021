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
    for (const [name, tarball] of Object.entries(packAll(folder))) {
      execute(bin("publint"), ["run", tarball, "--strict"], { stdio: "pipe" });
      execute(bin("attw"), [tarball, "--profile", "esm-only", "--format", "ascii"], { stdio: "pipe" });
      process.stdout.write(`${name}: publint and attw find nothing\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
