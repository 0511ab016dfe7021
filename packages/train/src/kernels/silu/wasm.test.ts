import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("silu (wasm)", () => {
  test.prop([fc.integer({ min: 1, max: 40 }), fc.integer(), fc.constantFrom(0.01, 1, 4, 100)])(
    "forward and backward equal the reference",
    (n, seed, scale) => {
      compareKernel("silu_forward", { x: random(seed, n, scale), y: zeros(n), n }, 4e-7);
      compareKernel("silu_backward", { dY: random(seed + 1, n), x: random(seed, n, scale), dX: zeros(n), n }, 1e-6);
      compareKernel(
        "silu_backward",
        { dY: random(seed + 1, n), x: random(seed, n, scale), dX: { data: [], sameAs: "dY" }, n },
        1e-6,
      );
    },
  );

  test.each([1, -1])("a grid over the range in which it is neither 0 nor x, sign %s", (sign) => {
    const n = 2403;
    const x = { data: Float32Array.from({ length: n }, (_, i) => (sign * i) / 100) };
    // Relative to the largest value, which for negative x is below 1.
    compareKernel("silu_forward", { x, y: zeros(n), n }, 1.5e-7);
    compareKernel("silu_backward", { dY: { data: new Float32Array(n).fill(1) }, x, dX: zeros(n), n }, 4e-7);
  });

  test.each([1, -1])("numbers near the largest, sign %s", (sign) => {
    const x = { data: Float32Array.of(90, 104, 1e4, 1e10, 1e20, 3e38).map((value) => sign * value) };
    compareKernel("silu_forward", { x, y: zeros(6), n: 6 }, sign > 0 ? 1e-7 : 1e-30);
    compareKernel("silu_backward", { dY: { data: new Float32Array(6).fill(1) }, x, dX: zeros(6), n: 6 }, 1e-7);
  });
});
