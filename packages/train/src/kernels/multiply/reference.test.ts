import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillNormal, namedArena } from "../_testing/named-call.ts";

describe("multiply", () => {
  test("multiplies element by element, exactly n of them", () => {
    const arena = namedArena({ a: 3, b: 3, y: 4 });
    arena.values("a").set([2, -3, 0.5]);
    arena.values("b").set([5, 7, 8]);
    arena.values("y").fill(9);
    arena.call("multiply_forward", { n: 3 });
    expect([...arena.values("y")]).toEqual([10, -21, 4, 9]);
  });

  test("the gradient of each factor is that of the product times the other factor; they overwrite", () => {
    const arena = namedArena({ dY: 2, a: 2, b: 2, dA: 2, dB: 2 });
    arena.values("dY").set([2, -1]);
    arena.values("a").set([3, 5]);
    arena.values("b").set([7, 11]);
    for (const name of ["dA", "dB"]) arena.values(name).fill(100);
    arena.call("multiply_backward", { n: 2 });
    expect([...arena.values("dA")]).toEqual([14, -11]);
    expect([...arena.values("dB")]).toEqual([6, -5]);
  });

  test("a dA + b dB = 2 y dY (Euler's theorem for a form of degree 2)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 2 ** 31 }), (n, seed) => {
        const arena = namedArena({ dY: n, a: n, b: n, y: n, dA: n, dB: n });
        for (const [i, name] of ["dY", "a", "b"].entries()) fillNormal(arena.values(name), seed + i);
        arena.call("multiply_forward", { n });
        arena.call("multiply_backward", { n });
        const [dY, a, b, y, dA, dB] = ["dY", "a", "b", "y", "dA", "dB"].map((name) => [...arena.values(name)]);
        for (let i = 0; i < n; i++) {
          const sum = (a?.[i] ?? 0) * (dA?.[i] ?? 0) + (b?.[i] ?? 0) * (dB?.[i] ?? 0);
          expect(sum).toBeCloseTo(2 * (y?.[i] ?? 0) * (dY?.[i] ?? Number.NaN), 10);
        }
      }),
    );
  });
});
