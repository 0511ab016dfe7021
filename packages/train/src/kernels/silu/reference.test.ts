import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { largestError, namedArena } from "../_testing/named-call.ts";

const silu = (x: readonly number[]): Float64Array => {
  const arena = namedArena({ x: x.length, y: x.length });
  arena.values("x").set(x);
  arena.call("silu_forward", { n: x.length });
  return arena.values("y");
};

const slope = (x: readonly number[]): Float64Array => {
  const arena = namedArena({ x: x.length, dY: x.length, dX: x.length });
  arena.values("x").set(x);
  arena.values("dY").fill(1);
  arena.call("silu_backward", { n: x.length });
  return arena.values("dX");
};

describe("silu", () => {
  test("at 1 it is the logistic function of 1", () => {
    expect(largestError(silu([1, 0]), [1 / (1 + Math.exp(-1)), 0])).toBeLessThan(1e-15);
  });

  test("values and slopes of PyTorch 2.13.0 in float64 (torch.nn.functional.silu)", () => {
    const x = [-6, -2, -0.5, 0.1, 1, 3];
    const y = [
      -0.014835738939808647, -0.2384058440442351, -0.1887703343990727, 0.052497918747894, 0.7310585786300049,
      2.8577223804672998,
    ];
    const dX = [
      -0.012326432591525513, -0.09078424878489547, 0.2600388126973482, 0.5499167914982293, 0.9276705118714869,
      1.0881041060151693,
    ];
    expect(largestError(silu(x), y)).toBeLessThan(1e-15);
    expect(largestError(slope(x), dX)).toBeLessThan(1e-15);
  });

  test("its minimum is -w at -(1 + w), w = W(1/e) of Lambert: there the slope vanishes", () => {
    // w e^w = 1/e
    const w = 0.2784645427610738;
    expect(Math.abs(w * Math.exp(w + 1) - 1)).toBeLessThan(1e-15);
    expect(largestError(silu([-1 - w]), [-w])).toBeLessThan(1e-15);
    expect(Math.abs(slope([-1 - w])[0] ?? Number.NaN)).toBeLessThan(1e-15);
  });

  test.prop([fc.double({ min: -700, max: 700, noNaN: true })])("silu(x) - silu(-x) = x, slopes sum to 1", (x) => {
    const [plus = Number.NaN, minus = Number.NaN] = silu([x, -x]);
    expect(Math.abs(plus - minus - x)).toBeLessThanOrEqual(1e-15 * (1 + Math.abs(x)));
    const [left = Number.NaN, right = Number.NaN] = slope([x, -x]);
    expect(left + right).toBeCloseTo(1, 12);
  });

  test("the gradient is scaled by that of the output; slopes end at 0 and 1", () => {
    const arena = namedArena({ x: 2, dY: 2, dX: 2 });
    arena.values("x").set([0, 0]);
    arena.values("dY").set([3, -4]);
    arena.call("silu_backward", { n: 2 });
    expect([...arena.values("dX")]).toEqual([1.5, -2]);
    expect([...slope([800, -800])]).toEqual([1, -0]);
  });
});
