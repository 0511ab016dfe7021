import { test } from "@fast-check/vitest";
import { ShapeError, singularValueDecomposition } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { bipartiteDensity, complexKronecker, density } from "./_testing/states.ts";
import { realignment } from "./realignment.ts";

describe("realignment", () => {
  test.prop([bipartiteDensity()], { numRuns: 60 })(
    "R[(a, a'), (c, c')] = rho[(a, c), (a', c')]",
    ({ rho, dimensions }) => {
      const [dA, dC] = dimensions;
      const { re, im } = realignment(rho, dimensions);
      expect(re.length).toBe((dA * dC) ** 2);
      for (let a = 0; a < dA; a++) {
        for (let aTo = 0; aTo < dA; aTo++) {
          for (let c = 0; c < dC; c++) {
            for (let cTo = 0; cTo < dC; cTo++) {
              const to = (a * dA + aTo) * dC * dC + c * dC + cTo;
              const from = (a * dC + c) * dA * dC + aTo * dC + cTo;
              expect(re[to]).toBe(rho.re[from]);
              expect(im[to]).toBe(rho.im[from]);
            }
          }
        }
      }
    },
  );

  test.prop([density(2), density(3)], { numRuns: 30 })("of a product is the outer product of the factors", (a, c) => {
    const { re, im } = realignment(complexKronecker(a, 2, c, 3), [2, 3]);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 9; j++) {
        const [x, y, u, v] = [a.re[i] ?? 0, a.im[i] ?? 0, c.re[j] ?? 0, c.im[j] ?? 0];
        expect(re[i * 9 + j]).toBeCloseTo(x * u - y * v, 14);
        expect(im[i * 9 + j]).toBeCloseTo(x * v + y * u, 14);
      }
    }
  });

  test("of a real product has one singular value, |X| |Y|", () => {
    // X = [[1, 2], [2, 5]], Y = [[3, 1], [1, 4]]
    const product = [3, 1, 6, 2, 1, 4, 2, 8, 6, 2, 15, 5, 2, 8, 5, 20];
    const { values } = singularValueDecomposition(realignment(product, [2, 2]), [4, 4]);
    expect(values[0]).toBeCloseTo(Math.sqrt(34 * 27), 12);
    expect(values[1]).toBeCloseTo(0, 12);
  });

  test("bad input", () => {
    expect(() => realignment([1, 0, 0, 0], [2, 2])).toThrow(ShapeError);
    expect(() => realignment([1, 0, Number.NaN, 0], [1, 2])).toThrow("rho[1, 0] is NaN");
    expect(() => realignment([], [1, 1])).toThrow("rho has 0 entries");
  });
});
