import { test } from "@fast-check/vitest";
import { ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { bipartiteDensity, complexKronecker, density } from "./_testing/states.ts";
import { partialTranspose } from "./partial-transpose.ts";

describe("partialTranspose", () => {
  test.prop([bipartiteDensity()], { numRuns: 60 })("moves every entry of one factor", ({ rho, dimensions }) => {
    const [dA, dC] = dimensions;
    const n = dA * dC;
    const [first, second] = [
      partialTranspose(rho, dimensions, { side: "first" }),
      partialTranspose(rho, dimensions, { side: "second" }),
    ];
    expect(partialTranspose(rho, dimensions)).toEqual(second);
    for (let a = 0; a < dA; a++) {
      for (let c = 0; c < dC; c++) {
        for (let aTo = 0; aTo < dA; aTo++) {
          for (let cTo = 0; cTo < dC; cTo++) {
            const from = (a * dC + c) * n + aTo * dC + cTo;
            expect(second.re[(a * dC + cTo) * n + aTo * dC + c]).toBe(rho.re[from]);
            expect(second.im[(a * dC + cTo) * n + aTo * dC + c]).toBe(rho.im[from]);
            expect(first.re[(aTo * dC + c) * n + a * dC + cTo]).toBe(rho.re[from]);
            expect(first.im[(aTo * dC + c) * n + a * dC + cTo]).toBe(rho.im[from]);
          }
        }
      }
    }
  });

  test.prop([bipartiteDensity()], { numRuns: 30 })(
    "twice is nothing, and the sides are transposes of each other",
    ({ rho, dimensions }) => {
      const once = partialTranspose(rho, dimensions);
      expect(partialTranspose(once, dimensions)).toEqual(rho);
      const n = dimensions[0] * dimensions[1];
      const other = partialTranspose(rho, dimensions, { side: "first" });
      other.re.forEach((value, at) => {
        expect(once.re[(at % n) * n + Math.floor(at / n)]).toBe(value);
      });
    },
  );

  test.prop([density(2), density(3)], { numRuns: 30 })("of a product transposes one factor", (a, c) => {
    const turned = { re: c.re.map((_, at) => c.re[(at % 3) * 3 + Math.floor(at / 3)] ?? 0), im: c.im.map((y) => -y) };
    const found = partialTranspose(complexKronecker(a, 2, c, 3), [2, 3]);
    const expected = complexKronecker(a, 2, turned, 3);
    expected.re.forEach((value, at) => {
      expect(found.re[at]).toBeCloseTo(value, 14);
      expect(found.im[at]).toBeCloseTo(expected.im[at] ?? 0, 14);
    });
  });

  test("bad input", () => {
    expect(() => partialTranspose([1, 0, 0, 0], [2, 2])).toThrow(ShapeError);
    expect(() => partialTranspose([1, 0, 0, 0], [2, 1], { side: "both" as "first" })).toThrow('side is "both"');
    expect(() => partialTranspose([1, 0, Number.POSITIVE_INFINITY, 0], [2, 1])).toThrow("rho[1, 0] is Infinity");
  });
});
