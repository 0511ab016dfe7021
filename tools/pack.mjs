import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageNames, pnpm, readJson, root } from "./workspace.mjs";

/** Packs every package as it would be published into `folder`; returns the tarballs by package name. */
export function packAll(folder) {
  const tarballs = {};
  for (const name of packageNames) {
    const cwd = join(root, "packages", name);
    pnpm(["pack", "--pack-destination", folder], { cwd, stdio: "pipe" });
    const file = readdirSync(folder).find((entry) => entry.startsWith(`semifactor-${name}-`));
    tarballs[readJson(join(cwd, "package.json")).name] = join(folder, file);
  }
  return tarballs;
}
