import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("soft cap (wasm)", () => {
  test.prop([
    fc.integer({ min: 1, max: 40 }),
    fc.integer(),
    fc.constantFrom(0.01, 1, 30, 1e4),
    fc.constantFrom(0.5, 1, 30, 50),
  ])("forward equals the reference, in place and not", (n, seed, scale, cap) => {
    compareKernel("soft_cap_forward", { x: random(seed, n, scale), y: zeros(n), n, cap }, 5e-7);
    compareKernel("soft_cap_forward", { x: random(seed, n, scale), y: { data: [], sameAs: "x" }, n, cap }, 5e-7);
  });

  test.prop([fc.integer({ min: 1, max: 40 }), fc.integer(), fc.constantFrom(0.5, 1, 30, 50)])(
    "backward equals the reference, in place and not",
    (n, seed, cap) => {
      const y = random(seed, n, cap);
      compareKernel("soft_cap_backward", { dY: random(seed + 1, n), y, dX: zeros(n), n, cap }, 5e-7);
      compareKernel("soft_cap_backward", { dY: random(seed + 1, n), y, dX: { data: [], sameAs: "dY" }, n, cap }, 5e-7);
    },
  );

  test("a grid from where it is x to where it is the cap", () => {
    const n = 2403;
    const x = { data: Float32Array.from({ length: n }, (_, i) => (i - 1201) / 4) };
    compareKernel("soft_cap_forward", { x, y: zeros(n), n, cap: 30 }, 2e-7);
  });
});
