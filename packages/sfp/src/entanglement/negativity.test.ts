import { test } from "@fast-check/vitest";
import { NotNormalizedError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { jointBelief } from "../arbitraries/beliefs.ts";
import { bipartiteDensity, complexKronecker, density, rotated, unitary, unitVector } from "./_testing/states.ts";
import { ccnrCriterion } from "./criteria.ts";
import { diagonalState, pureDensity, squareRootState } from "./embeddings.ts";
import { linearEntropy, renyiEntropy } from "./entropies.ts";
import { logNegativity, negativity } from "./negativity.ts";
import { partialTrace } from "./partial-trace.ts";
import { schmidt } from "./schmidt.ts";

// T23: with Schmidt coefficients s, all measures of a pure state are sums of their powers
test.prop([jointBelief()], { numRuns: 100 })("closed forms for pure states", ({ belief, dimensions }) => {
  const rho = pureDensity(squareRootState(belief, dimensions));
  const s = schmidt(belief, dimensions).coefficients;
  const sum = (power: number) => s.reduce((total, value) => total + value ** power, 0);
  const reduced = partialTrace(rho, dimensions, { keep: "first" });
  expect(negativity(rho, dimensions)).toBeCloseTo((sum(1) ** 2 - 1) / 2, 12);
  expect(logNegativity(rho, dimensions)).toBeCloseTo(2 * Math.log2(sum(1)), 12);
  expect(ccnrCriterion(rho, dimensions).value).toBeCloseTo(sum(1) ** 2, 12);
  expect(linearEntropy(reduced)).toBeCloseTo(1 - sum(4), 12);
  expect(renyiEntropy(reduced, 2)).toBeCloseTo(-Math.log2(sum(4)), 12);
  // order 1/2 sees the square root of what the eigenvalues lose to rounding, about 1e-8
  expect(renyiEntropy(reduced, 0.5)).toBeCloseTo(2 * Math.log2(sum(1)), 6);
});

test.prop([unitVector(2)], { numRuns: 50 })("a a* + b b* of a |00> + b |11>, complex: 2 |a| |b|", (psi) => {
  const [a, b] = [Math.hypot(psi.re[0] ?? 0, psi.im[0] ?? 0), Math.hypot(psi.re[1] ?? 0, psi.im[1] ?? 0)];
  const place = (part: Float64Array) => [part[0] ?? 0, 0, 0, part[1] ?? 0];
  const rho = pureDensity({ re: place(psi.re), im: place(psi.im) });
  expect(negativity(rho, [2, 2])).toBeCloseTo(a * b, 13);
  expect(logNegativity(rho, [2, 2], { unit: "nats" })).toBeCloseTo(Math.log1p(2 * a * b), 13);
  expect(renyiEntropy(partialTrace(rho, [2, 2], { keep: "first" }), 0.5)).toBeCloseTo(2 * Math.log2(a + b), 12);
});

describe("negativity", () => {
  test.prop([bipartiteDensity()], { numRuns: 60 })(
    "lies between 0 and (d - 1) / 2, and is the same from either side",
    ({ rho, dimensions }) => {
      const [dA, dC] = dimensions;
      const found = negativity(rho, dimensions);
      expect(found).toBeGreaterThanOrEqual(0);
      expect(found).toBeLessThanOrEqual((Math.min(dA, dC) - 1) / 2 + 1e-12);
      // exchange the factors
      const n = dA * dC;
      const swap = (s: number) => (s % dA) * dC + Math.floor(s / dA);
      const exchanged = (part: Float64Array) =>
        part.map((_, at) => part[swap(Math.floor(at / n)) * n + swap(at % n)] ?? 0);
      expect(negativity({ re: exchanged(rho.re), im: exchanged(rho.im) }, [dC, dA])).toBeCloseTo(found, 12);
    },
  );

  test.prop([density(6), unitary(2), unitary(3)], { numRuns: 30 })("local unitaries keep it", (rho, u, v) => {
    const turned = rotated(rho, complexKronecker(u, 2, v, 3), 6);
    expect(negativity(turned, [2, 3])).toBeCloseTo(negativity(rho, [2, 3]), 11);
  });

  test("of the Werner state p |singlet><singlet| + (1 - p) I / 4: (3 p - 1) / 4 above p = 1/3", () => {
    const singlet = pureDensity([0, Math.SQRT1_2, -Math.SQRT1_2, 0]);
    for (const p of [0, 0.2, 1 / 3, 0.5, 0.9, 1]) {
      const rho = singlet.map((value, at) => p * value + (at % 5 === 0 ? (1 - p) / 4 : 0));
      expect(negativity(rho, [2, 2])).toBeCloseTo(Math.max(0, (3 * p - 1) / 4), 13);
    }
  });

  test("bad input", () => {
    expect(() =>
      negativity(
        diagonalState([0.5, 0.5]).map((x) => 2 * x),
        [2, 1],
      ),
    ).toThrow(NotNormalizedError);
    expect(() => negativity([1, 0, 0, -0.5], [2, 1], { anyTrace: true })).toThrow("rho has the eigenvalue -0.5");
    expect(() => logNegativity([1, 0, 0, 1], [2, 1])).toThrow("logNegativity: rho has trace 2");
    expect(() => logNegativity([1], [1, 1], { unit: "bans" as "bits" })).toThrow("unit is bans");
    expect(() => negativity([1, Number.NaN, 0, 0], [2, 1])).toThrow("rho[0, 1] is NaN");
  });
});
