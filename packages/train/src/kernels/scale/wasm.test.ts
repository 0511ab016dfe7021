import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("scale (wasm)", () => {
  test.prop([fc.integer({ min: 1, max: 40 }), fc.integer(), fc.constantFrom(0, 1, -0.5, 22.627416610717773)])(
    "equals the reference; powers of two exactly",
    (n, seed, factor) => {
      compareKernel("scale", { x: random(seed, n), n, factor }, Math.abs(factor) > 1 ? 1e-7 : 0);
    },
  );
});
