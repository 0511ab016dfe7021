import { defineConfig } from "tsup";

// The packages are bundled from their sources; what they are compared with is imported as installed.
export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "node20",
  platform: "node",
  splitting: true,
  clean: true,
  silent: true,
  tsconfig: "../tsconfig.json",
  // tfjs-core registers no gradients by itself, and the file that does is an ES module only for bundlers.
  noExternal: [/^@semifactor\//, "@tensorflow/tfjs-core/dist/register_all_gradients.js"],
  esbuildOptions(options) {
    options.conditions = ["@semifactor/source"];
  },
});
