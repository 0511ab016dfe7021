import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("relu (wasm)", () => {
  test.prop([fc.integer({ min: 1, max: 40 }), fc.integer()])(
    "forward and backward equal the reference exactly",
    (n, seed) => {
      const x = random(seed, n);
      compareKernel("relu_forward", { x, y: zeros(n), n }, 0);
      compareKernel("relu_backward", { dY: random(seed + 1, n), x, dX: zeros(n), n }, 0);
      compareKernel("relu_backward", { dY: random(seed + 1, n), x, dX: { data: [], sameAs: "dY" }, n }, 0);
    },
  );
});
