import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { largestError, namedArena } from "../_testing/named-call.ts";

const call = (kernel: "gelu_forward" | "gelu_tanh_forward", x: readonly number[]): readonly number[] => {
  const arena = namedArena({ x: x.length, y: x.length });
  arena.values("x").set(x);
  arena.call(kernel, { n: x.length });
  return [...arena.values("y")];
};

const slope = (x: readonly number[], dY = 1): readonly number[] => {
  const arena = namedArena({ x: x.length, dY: x.length, dX: x.length });
  arena.values("x").set(x);
  arena.values("dY").fill(dY);
  arena.call("gelu_tanh_backward", { n: x.length });
  return [...arena.values("dX")];
};

const numbers = fc.double({ min: -30, max: 30, noNaN: true });

describe("gelu, tanh approximation", () => {
  test("values and slopes of PyTorch 2.13.0 in float64 (torch.nn.functional.gelu, approximate='tanh')", () => {
    const x = [-6, -2, -0.5, 0.1, 1, 3];
    const y = [
      -8.43964897967453e-11, -0.04540230591222494, -0.15428599017485606, 0.053982751045435165, 0.8411919906082768,
      2.996362607918227,
    ];
    const dX = [
      -7.709976012836329e-10, -0.0860992566236183, 0.13263009646535764, 0.5795217892717567, 1.0829640838457826,
      1.0115841666309695,
    ];
    expect(largestError(call("gelu_tanh_forward", x), y)).toBeLessThan(1e-15);
    expect(largestError(slope(x), dX)).toBeLessThan(1e-15);
  });

  test.prop([numbers])("y(x) - y(-x) = x, and the slopes sum to 1", (x) => {
    const [plus = Number.NaN, minus = Number.NaN] = call("gelu_tanh_forward", [x, -x]);
    expect(plus - minus).toBeCloseTo(x, 12);
    const [left = Number.NaN, right = Number.NaN] = slope([x, -x]);
    expect(left + right).toBeCloseTo(1, 12);
  });

  test.prop([numbers])("is the logistic function of 2 u times x, u = sqrt(2 / pi) (x + 0.044715 x^3)", (x) => {
    const u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    const [y = Number.NaN] = call("gelu_tanh_forward", [x]);
    expect(Math.abs(y - x / (1 + Math.exp(-2 * u)))).toBeLessThan(1e-12 * (1 + Math.abs(x)));
  });

  test("differs from the exact GELU by at most 4.8e-4, and by more than 4.7e-4 somewhere", () => {
    const grid = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 400);
    const exact = call("gelu_forward", grid);
    const worst = Math.max(...call("gelu_tanh_forward", grid).map((y, i) => Math.abs(y - (exact[i] ?? Number.NaN))));
    expect(worst).toBeLessThan(4.8e-4);
    expect(worst).toBeGreaterThan(4.7e-4);
  });

  test("ends: x and 0, slopes dY and 0", () => {
    expect(call("gelu_tanh_forward", [50, -50, 0])).toEqual([50, -0, 0]);
    expect(slope([50, 0], 3)).toEqual([3, 1.5]);
    expect(slope([-50])[0]).toBeCloseTo(0, 15);
  });
});
