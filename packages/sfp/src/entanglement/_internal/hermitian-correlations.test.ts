import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { bipartiteDensity, complexKronecker } from "../_testing/states.ts";
import { fromCorrelations, hermitianCorrelations } from "./hermitian-correlations.ts";

/** The orthonormal Hermitian matrices of `C^d` in the order of matrix units. */
function hermitianUnits(d: number) {
  const r = Math.SQRT1_2;
  return Array.from({ length: d * d }, (_, at) => {
    const [j, k] = [Math.floor(at / d), at % d];
    const [re, im] = [new Float64Array(d * d), new Float64Array(d * d)];
    if (j === k) re[at] = 1;
    else if (j < k) re[j * d + k] = re[k * d + j] = r;
    else [im[j * d + k], im[k * d + j]] = [-r, r];
    return { re, im };
  });
}

describe("hermitianCorrelations", () => {
  test.prop([bipartiteDensity()], { numRuns: 40 })(
    "are traces with products of Hermitian units",
    ({ rho, dimensions }) => {
      const [dA, dC] = dimensions;
      const n = dA * dC;
      const found = hermitianCorrelations({ n, ...rho }, dimensions);
      hermitianUnits(dA).forEach((a, i) => {
        hermitianUnits(dC).forEach((c, j) => {
          const { re, im } = complexKronecker(a, dA, c, dC);
          const trace = re.reduce((sum, x, at) => sum + x * (rho.re[at] ?? 0) + (im[at] ?? 0) * (rho.im[at] ?? 0), 0);
          // units below the diagonal are i (E_kj - E_jk) / sqrt 2 up to sign
          expect(Math.abs(found[i * dC * dC + j] ?? 0)).toBeCloseTo(Math.abs(trace), 12);
        });
      });
    },
  );

  test.prop([bipartiteDensity()], { numRuns: 40 })("fromCorrelations is the inverse", ({ rho, dimensions }) => {
    const n = dimensions[0] * dimensions[1];
    const back = fromCorrelations(hermitianCorrelations({ n, ...rho }, dimensions), dimensions);
    back.re.forEach((value, at) => {
      expect(value).toBeCloseTo(rho.re[at] ?? 0, 13);
      expect(back.im[at]).toBeCloseTo(rho.im[at] ?? 0, 13);
    });
  });
});
