import { test } from "@fast-check/vitest";
import { ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { bipartiteDensity, complexKronecker, density } from "./_testing/states.ts";
import { diagonalState } from "./embeddings.ts";
import { partialTrace } from "./partial-trace.ts";

describe("partialTrace", () => {
  test.prop([bipartiteDensity()], { numRuns: 60 })(
    "is the explicit sum over the other factor",
    ({ rho, dimensions }) => {
      const [dA, dC] = dimensions;
      const n = dA * dC;
      const first = partialTrace(rho, dimensions, { keep: "first" });
      const second = partialTrace(rho, dimensions, { keep: "second" });
      for (const part of ["re", "im"] as const) {
        const entry = (a: number, c: number, aTo: number, cTo: number) =>
          rho[part][(a * dC + c) * n + aTo * dC + cTo] ?? 0;
        for (let a = 0; a < dA; a++) {
          for (let aTo = 0; aTo < dA; aTo++) {
            let sum = 0;
            for (let c = 0; c < dC; c++) sum += entry(a, c, aTo, c);
            expect(first[part][a * dA + aTo]).toBeCloseTo(sum, 14);
          }
        }
        for (let c = 0; c < dC; c++) {
          for (let cTo = 0; cTo < dC; cTo++) {
            let sum = 0;
            for (let a = 0; a < dA; a++) sum += entry(a, c, a, cTo);
            expect(second[part][c * dC + cTo]).toBeCloseTo(sum, 14);
          }
        }
      }
    },
  );

  test.prop([density(2), density(3)], { numRuns: 40 })("of a product gives the factors back", (a, c) => {
    const rho = complexKronecker(a, 2, c, 3);
    const [first, second] = [
      partialTrace(rho, [2, 3], { keep: "first" }),
      partialTrace(rho, [2, 3], { keep: "second" }),
    ];
    for (const part of ["re", "im"] as const) {
      first[part].forEach((value, at) => {
        expect(value).toBeCloseTo(a[part][at] ?? 0, 13);
      });
      second[part].forEach((value, at) => {
        expect(value).toBeCloseTo(c[part][at] ?? 0, 13);
      });
    }
  });

  test("of diag(b): the marginals, as a real matrix", () => {
    const rho = diagonalState([0.1, 0.2, 0.3, 0.4, 0, 0]);
    expect(Array.from(partialTrace(rho, [2, 3], { keep: "first" }))).toEqual(
      [0.6, 0, 0, 0.4].map((value) => expect.closeTo(value, 14)),
    );
    expect(Array.from(partialTrace(rho, [2, 3], { keep: "second" }))).toEqual(
      [0.5, 0, 0, 0, 0.2, 0, 0, 0, 0.3].map((value) => expect.closeTo(value, 14)),
    );
  });

  test("bad input", () => {
    const rho = diagonalState([0.5, 0.5]);
    expect(() => partialTrace(rho, [2, 2], { keep: "first" })).toThrow(ShapeError);
    expect(() => partialTrace(rho, [2, 1], { keep: "third" as "first" })).toThrow('keep is "third"');
    expect(() => partialTrace([1, 0, 0], [2, 1], { keep: "first" })).toThrow("rho has 3 entries");
    expect(() => partialTrace([1, 0, Number.NaN, 0], [2, 1], { keep: "first" })).toThrow("rho[1, 0] is NaN");
    expect(() => partialTrace({ re: [1, 0, 0, 0], im: [0] }, [2, 1], { keep: "first" })).toThrow(
      "rho.im has 1 entries",
    );
  });
});
