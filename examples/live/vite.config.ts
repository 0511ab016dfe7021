import { defineConfig } from "vite";

// One page that needs no server but one for static files; the packages come from their sources.
export default defineConfig({
  base: "./",
  resolve: { conditions: ["@semifactor/source", "module", "browser", "default"] },
  build: { outDir: "dist", emptyOutDir: true, target: "es2022" },
});
