import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

function* filesBelow(folder: string): Generator<string> {
  if (!statSync(folder).isDirectory()) return yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name === "dist") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

/** The texts of these files and of all files below these folders that `select` accepts, by path from the root with forward slashes. */
export function readSources(places: readonly string[], select: (path: string) => boolean): Map<string, string> {
  const files = new Map<string, string>();
  for (const place of places) {
    if (!existsSync(join(root, place))) continue;
    for (const file of filesBelow(join(root, place))) {
      const path = relative(root, file).split(sep).join("/");
      if (select(path)) files.set(path, readFileSync(file, "utf8"));
    }
  }
  return files;
}

/** True for TypeScript sources, leaving out AssemblyScript and generated files. */
export function isTypeScript(path: string): boolean {
  return (
    path.endsWith(".ts") &&
    !path.endsWith("/wasm.ts") &&
    !path.includes("/kernels/_wasm/") &&
    !path.endsWith("/wasm-binary.ts")
  );
}
