import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("gelu (wasm)", () => {
  test.prop([fc.integer({ min: 1, max: 40 }), fc.integer(), fc.constantFrom(0.01, 1, 4, 100)])(
    "forward and backward equal the reference",
    (n, seed, scale) => {
      compareKernel("gelu_forward", { x: random(seed, n, scale), y: zeros(n), n }, 1e-6);
      compareKernel("gelu_backward", { dY: random(seed + 1, n), x: random(seed, n, scale), dX: zeros(n), n }, 2e-6);
      compareKernel(
        "gelu_backward",
        { dY: random(seed + 1, n), x: random(seed, n, scale), dX: { data: [], sameAs: "dY" }, n },
        2e-6,
      );
    },
  );

  test("a grid over the whole range of the error function", () => {
    const n = 2403;
    const x = { data: Float32Array.from({ length: n }, (_, i) => (i - 1200) / 150) };
    compareKernel("gelu_forward", { x, y: zeros(n), n }, 1e-6 / 8);
    compareKernel("gelu_backward", { dY: { data: new Float32Array(n).fill(1) }, x, dX: zeros(n), n }, 1e-6);
  });
});
