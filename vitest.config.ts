import { defineConfig } from "vitest/config";
import { examplesPlugin } from "./tools/examples.ts";
import { useSoftwareGpu } from "./tools/software-gpu.ts";

useSoftwareGpu();

export default defineConfig({
  plugins: [examplesPlugin()],
  resolve: { conditions: ["@semifactor/source", "module", "import", "default"] },
  ssr: { resolve: { conditions: ["@semifactor/source", "module", "node", "import", "default"] } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "examples/experiments/src/**/*.test.ts",
      "examples/live/src/**/*.test.ts",
      "tools/**/*.test.ts",
    ],
    // Tests share nothing that they change, so the files of a worker can share their modules: five times faster.
    pool: "threads",
    isolate: false,
    setupFiles: ["tools/property-seed.ts"],
    testTimeout: 60_000,
  },
});
