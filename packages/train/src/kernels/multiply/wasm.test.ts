import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("multiply (wasm)", () => {
  test.prop([fc.integer({ min: 1, max: 40 }), fc.integer(), fc.constantFrom(0.01, 1, 1000)])(
    "forward and backward equal the reference, in place and not",
    (n, seed, scale) => {
      const [a, b, dY] = [random(seed, n, scale), random(seed + 1, n), random(seed + 2, n)];
      compareKernel("multiply_forward", { a, b, y: zeros(n), n }, 1e-7);
      compareKernel("multiply_backward", { dY, a, b, dA: zeros(n), dB: random(seed, n), n }, 1e-7);
      compareKernel("multiply_backward", { dY, a, b, dA: { data: [], sameAs: "dY" }, dB: zeros(n), n }, 1e-7);
    },
  );

  test.prop([fc.integer({ min: 1, max: 9 }), fc.integer()])("a square: both factors are the same buffer", (n, seed) => {
    compareKernel("multiply_forward", { a: random(seed, n), b: { data: [], sameAs: "a" }, y: zeros(n), n }, 1e-7);
  });
});
