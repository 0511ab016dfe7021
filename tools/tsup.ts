import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Options } from "tsup";

interface Export {
  readonly "@semifactor/source"?: string;
  readonly import?: string;
}

/** Entry points of the package in `folder`: one per subpath of its `exports`, named as the built file is. */
function entriesOf(folder: string): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    exports: Record<string, Export | string>;
  };
  const entries: Record<string, string> = {};
  for (const target of Object.values(exports)) {
    if (typeof target === "string") continue;
    const source = target["@semifactor/source"];
    const built = target.import;
    if (source === undefined || built === undefined) continue;
    entries[built.replace(/^\.\/dist\//, "").replace(/\.js$/, "")] = source;
  }
  return entries;
}

/**
 * The build of a published package, run in its folder: ES modules and declarations for every subpath of `exports`.
 *
 * @param extra - entry points that are not public, such as a worker's file, by the name of the built file
 */
export function library(extra: Readonly<Record<string, string>> = {}): ReturnType<typeof defineConfig> {
  const entries = entriesOf(process.cwd());
  const shared: Options = {
    entry: { ...entries, ...extra },
    format: ["esm"],
    target: "es2022",
    platform: "neutral",
    sourcemap: true,
    splitting: true,
    treeshake: true,
    clean: true,
    tsconfig: "../../tsconfig.json",
    // TypeScript 6 calls the baseUrl that tsup's declaration bundler sets deprecated.
    dts: { entry: entries, compilerOptions: { ignoreDeprecations: "6.0", types: ["node"], customConditions: [] } },
    silent: process.argv.includes("--silent"),
  };
  return defineConfig(shared);
}
