/**
 * The `exports` a package is published with: those of its package.json without the condition that leads to the
 * sources. `node tools/publish-exports.mjs` writes them to `publishConfig`, `--check` fails when they differ.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, packageNames, readJson, root, runCommand } from "./workspace.mjs";

/** `exports` without the "@semifactor/source" conditions. */
export function publishedExports(exports) {
  return Object.fromEntries(
    Object.entries(exports).map(([subpath, target]) => {
      if (typeof target === "string") return [subpath, target];
      const { "@semifactor/source": _source, ...published } = target;
      return [subpath, published];
    }),
  );
}

if (process.argv[1] === import.meta.filename) {
  await runCommand((args) => {
    for (const name of packageNames) {
      const path = join(root, "packages", name, "package.json");
      const manifest = readJson(path);
      const publishConfig = { access: "public", exports: publishedExports(manifest.exports) };
      if (JSON.stringify(manifest.publishConfig) === JSON.stringify(publishConfig)) continue;
      if (args.includes("--check")) {
        throw new CommandError(`packages/${name}: publishConfig.exports differs from exports; run: pnpm exports`);
      }
      writeFileSync(path, `${JSON.stringify({ ...manifest, publishConfig }, null, 2)}\n`);
    }
  });
}
