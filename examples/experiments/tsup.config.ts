import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/cli.ts", "src/cell-worker.ts"],
  format: "esm",
  target: "node20",
  sourcemap: true,
  clean: true,
});
