/** `pnpm build`: every package and the experiments, each after the packages it imports. `--quiet` prints only failures. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CommandError,
  ensureInstalled,
  packageNames,
  pnpm,
  readJson,
  requireNode,
  root,
  runCommand,
} from "./workspace.mjs";

await runCommand((args) => {
  requireNode();
  ensureInstalled();
  const stdio = args.includes("--quiet") ? "pipe" : "inherit";
  for (const name of [...packageNames, "experiments"]) {
    const filter = `@semifactor/${name}`;
    pnpm(["--filter", filter, "run", "build"], { stdio });
    // tsup can write JavaScript and still leave out the declarations; look for both.
    if (name === "experiments") continue;
    const folder = join(root, "packages", name);
    const written = new Set(readdirSync(join(folder, "dist")));
    for (const target of Object.values(readJson(join(folder, "package.json")).exports)) {
      if (typeof target === "string") continue;
      for (const file of [target.import, target.types]) {
        if (!existsSync(join(folder, file))) {
          throw new CommandError(`build: ${filter} lacks ${file} (dist has: ${[...written].join(", ")})`);
        }
      }
    }
  }
});
