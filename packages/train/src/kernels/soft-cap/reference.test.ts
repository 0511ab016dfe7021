import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { namedArena } from "../_testing/named-call.ts";
import { softCapBackward, softCapForward } from "./reference.ts";

const capped = (x: readonly number[], cap: number): readonly number[] => {
  const arena = namedArena({ x: x.length, y: x.length });
  arena.values("x").set(x);
  arena.call("soft_cap_forward", { n: x.length, cap });
  return [...arena.values("y")];
};

const numbers = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const caps = fc.constantFrom(0.5, 1, 30, 50);

describe("soft cap", () => {
  test.prop([numbers, caps])("is odd, never beyond the cap nor beyond x, and artanh undoes it", (x, cap) => {
    const [y = Number.NaN, mirrored = Number.NaN] = capped([x, -x], cap);
    expect(mirrored).toBe(-y);
    expect(Math.abs(y)).toBeLessThanOrEqual(Math.min(cap, Math.abs(x) * (1 + 1e-15) + 1e-300));
    if (Math.abs(x) < 4 * cap) expect(Math.abs(cap * Math.atanh(y / cap) - x)).toBeLessThan(1e-10 * (1 + Math.abs(x)));
  });

  test("a cap of 1 at ln 3 / 2 is 1/2; a large x is the cap itself", () => {
    expect(capped([Math.log(3) / 2], 1)[0]).toBeCloseTo(0.5, 15);
    expect(capped([1e6, -1e6, 0], 30)).toEqual([30, -30, 0]);
  });

  test("the gradient vanishes at the cap, is whole at 0 and 3/4 at half the cap, in place too", () => {
    const arena = namedArena({ dY: 4, y: 4, dX: 4 });
    arena.values("dY").set([2, 2, 2, 2]);
    arena.values("y").set([30, -30, 0, 15]);
    arena.call("soft_cap_backward", { n: 4, cap: 30 });
    expect([...arena.values("dX")]).toEqual([0, 0, 2, 1.5]);
  });

  test("in place: y may be x, dX may be dY", () => {
    const arena = Float64Array.of(1, 2, 3, 6, 6, 6);
    softCapForward(arena, 0, 0, 3, 2);
    expect([...arena.subarray(0, 3)]).toEqual(capped([1, 2, 3], 2));
    softCapBackward(arena, 3, 0, 3, 3, 2);
    for (const [i, x] of [1, 2, 3].entries()) expect(arena[3 + i]).toBeCloseTo(6 / Math.cosh(x / 2) ** 2, 14);
  });
});
