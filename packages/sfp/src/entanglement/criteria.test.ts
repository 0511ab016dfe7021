import { fc, test } from "@fast-check/vitest";
import { singularValueDecomposition } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { bipartiteDensity, complexKronecker, density, rotated, unitary, unitVector } from "./_testing/states.ts";
import { ccnrCriterion, pptCriterion } from "./criteria.ts";
import type { ComplexMatrix } from "./density-matrix.ts";
import { pureDensity } from "./embeddings.ts";
import { realignment } from "./realignment.ts";

/** Sum of singular values of a complex `[rows, columns]` matrix, from its real form of twice the size. */
function traceNorm({ re, im }: ComplexMatrix, rows: number, columns: number): number {
  const doubled = new Float64Array(4 * rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const [a, b] = [re[i * columns + j] ?? 0, im[i * columns + j] ?? 0];
      doubled[i * 2 * columns + j] = a;
      doubled[(i + rows) * 2 * columns + j + columns] = a;
      doubled[i * 2 * columns + j + columns] = -b;
      doubled[(i + rows) * 2 * columns + j] = b;
    }
  }
  return singularValueDecomposition(doubled, [2 * rows, 2 * columns]).values.reduce((sum, s) => sum + s, 0) / 2;
}

describe("ccnrCriterion", () => {
  test.prop([bipartiteDensity()], { numRuns: 40 })(
    "sums the singular values of the complex realignment",
    ({ rho, dimensions }) => {
      const [dA, dC] = dimensions;
      const expected = traceNorm(realignment(rho, dimensions), dA * dA, dC * dC);
      expect(ccnrCriterion(rho, dimensions).value).toBeCloseTo(expected, 12);
    },
  );

  test("1 / 2 for the maximally mixed state of two qubits", () => {
    // realignment of I / 4 has the single singular value |I|^2 / 4 = 1 / 2
    const mixed = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1].map((value) => value / 4);
    expect(ccnrCriterion(mixed, [2, 2])).toEqual({ value: expect.closeTo(0.5, 14), entangled: false });
  });
});

describe.each([
  ["pptCriterion", pptCriterion],
  ["ccnrCriterion", ccnrCriterion],
])("%s", (name, criterion) => {
  test.prop([fc.array(fc.tuple(unitVector(2), unitVector(3)), { minLength: 1, maxLength: 4 })], { numRuns: 30 })(
    "finds no entanglement in mixtures of products",
    (pairs) => {
      const terms = pairs.map(([a, c]) => complexKronecker(pureDensity(a), 2, pureDensity(c), 3));
      const mean = (part: "re" | "im") =>
        Float64Array.from({ length: 36 }, (_, at) => {
          return terms.reduce((sum, term) => sum + (term[part][at] ?? 0), 0) / terms.length;
        });
      expect(criterion({ re: mean("re"), im: mean("im") }, [2, 3]).entangled).toBe(false);
    },
  );

  test.prop([density(6), unitary(2), unitary(3)], { numRuns: 30 })("local unitaries change nothing", (rho, u, v) => {
    const turned = rotated(rho, complexKronecker(u, 2, v, 3), 6);
    expect(criterion(turned, [2, 3]).value).toBeCloseTo(criterion(rho, [2, 3]).value, 11);
  });

  // the isotropic state p |Bell><Bell| + (1 - p) I / 4 is entangled exactly above p = 1/3
  test.each([
    [0.33, false],
    [0.34, true],
  ])("isotropic state with p = %f", (p, entangled) => {
    const bell = pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
    const rho = bell.map((value, at) => p * value + (at % 5 === 0 ? (1 - p) / 4 : 0));
    expect(criterion(rho, [2, 2]).entangled).toBe(entangled);
    const value = name === "pptCriterion" ? (1 - 3 * p) / 4 : (1 + 3 * p) / 2;
    expect(criterion(rho, [2, 2]).value).toBeCloseTo(value, 13);
  });

  test("refuses what is no density matrix of the dimensions", () => {
    expect(() => criterion([1, 0, 0, 0], [2, 2])).toThrow("dimensions [2, 2] multiply to 4 and there are 2 states");
    expect(() => criterion([1.1, 0, 0, -0.1], [2, 1])).toThrow("eigenvalue -0.1");
  });
});
