import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@semifactor/source", "module", "import", "default"] },
  ssr: { resolve: { conditions: ["@semifactor/source", "module", "node", "import", "default"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "examples/experiments/src/**/*.test.ts", "tools/**/*.test.ts"],
    testTimeout: 60_000,
  },
});
