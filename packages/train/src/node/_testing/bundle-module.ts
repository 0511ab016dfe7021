import { writeFile } from "node:fs/promises";
import { build } from "vite";

/** Writes one module with all that it imports as plain JavaScript for Node, for tests that start processes. */
export async function bundleModule(entry: string, output: string): Promise<void> {
  const conditions = ["@semifactor/source"];
  const result = await build({
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal: true, resolve: { conditions } },
    build: { ssr: entry, write: false, target: "node20", rollupOptions: { output: { inlineDynamicImports: true } } },
  });
  const bundles = Array.isArray(result) ? result : [result];
  const chunks = bundles.flatMap((one) => ("output" in one ? one.output : []));
  const [chunk] = chunks.filter((one) => one.type === "chunk");
  if (chunk === undefined || chunks.length > 1) throw new Error("the module is more than one file");
  await writeFile(output, chunk.code);
}
