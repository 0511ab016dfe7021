import { fileURLToPath } from "node:url";
import { build } from "vite";

/** The script of a page, with all that it imports from the sources, in one module: for tests that run in a browser. */
export async function bundlePage(entry: URL): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@semifactor/source", "module", "browser", "default"] },
    build: {
      write: false,
      minify: false,
      target: "es2022",
      lib: { entry: fileURLToPath(entry), formats: ["es"] },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error("no bundle");
  return output.output[0].code;
}
