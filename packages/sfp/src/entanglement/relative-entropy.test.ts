import { fc, test } from "@fast-check/vitest";
import { klDivergence, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { bipartiteDensity, complexKronecker, density, rotated, unitary } from "./_testing/states.ts";
import type { ComplexMatrix } from "./density-matrix.ts";
import { diagonalState } from "./embeddings.ts";
import { quantumMutualInformation } from "./mutual-information.ts";
import { partialTrace } from "./partial-trace.ts";
import { relativeEntropy } from "./relative-entropy.ts";

const law = fc
  .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map((draws) => draws.map((value) => value / draws.reduce((sum, x) => sum + x, 0)));

/** Mixed with `I / n`, so that no eigenvalue is small. */
const softened = (rho: ComplexMatrix, n: number) => ({
  re: Array.from(rho.re, (value, at) => 0.8 * value + (at % (n + 1) === 0 ? 0.2 / n : 0)),
  im: Array.from(rho.im, (value) => 0.8 * value),
});

describe("relativeEntropy", () => {
  test.prop([law, law], { numRuns: 50 })("of diagonal states is the Kullback-Leibler divergence", (p, q) => {
    expect(relativeEntropy(diagonalState(p), diagonalState(q))).toBeCloseTo(klDivergence(p, q), 12);
    const nats = relativeEntropy(diagonalState(p), diagonalState(q), { unit: "nats" });
    expect(nats).toBeCloseTo(klDivergence(p, q, { unit: "nats" }), 12);
  });

  test.prop([density(3), density(3), unitary(3)], { numRuns: 50 })(
    "is not negative, zero for equal states, and kept by unitaries",
    (rho, other, u) => {
      const sigma = softened(other, 3);
      const found = relativeEntropy(rho, sigma);
      expect(found).toBeGreaterThanOrEqual(0);
      expect(relativeEntropy(sigma, sigma)).toBeCloseTo(0, 12);
      expect(relativeEntropy(rotated(rho, u, 3), rotated(sigma, u, 3))).toBeCloseTo(found, 9);
    },
  );

  test.prop([bipartiteDensity()], { numRuns: 40 })(
    "from the product of its factors is the quantum mutual information",
    ({ rho, dimensions }) => {
      const [dA, dC] = dimensions;
      const state = softened(rho, dA * dC);
      const first = partialTrace(state, dimensions, { keep: "first" });
      const second = partialTrace(state, dimensions, { keep: "second" });
      const product = complexKronecker(first, dA, second, dC);
      expect(relativeEntropy(state, product)).toBeCloseTo(quantumMutualInformation(state, dimensions), 10);
    },
  );

  test.prop([density(2), density(2)], { numRuns: 40 })(
    "of qubits, by tr rho log rho - tr rho log sigma",
    (rho, other) => {
      const sigma = softened(other, 2);
      // log of a 2 x 2 state with Bloch vector r of length s: log(l+) (1 + r.sigma / s) / 2 + log(l-) (1 - r.sigma / s) / 2
      const bloch = ({ re, im }: ComplexMatrix) => [2 * (re[1] ?? 0), -2 * (im[1] ?? 0), (re[0] ?? 0) - (re[3] ?? 0)];
      const [r, s] = [bloch(rho), bloch(sigma)];
      const [lengthR, lengthS] = [Math.hypot(...r), Math.hypot(...s)];
      fc.pre(lengthS > 1e-3);
      const product = r.reduce((sum, value, i) => sum + value * (s[i] ?? 0), 0) / lengthS;
      const term = (p: number) => (p > 0 ? p * Math.log2(p) : 0);
      const [plus, minus] = [(1 + lengthR) / 2, (1 - lengthR) / 2];
      const cross =
        ((1 + product) / 2) * Math.log2((1 + lengthS) / 2) + ((1 - product) / 2) * Math.log2((1 - lengthS) / 2);
      expect(relativeEntropy(rho, sigma)).toBeCloseTo(term(plus) + term(minus) - cross, 10);
    },
  );

  test("bad input", () => {
    const half = diagonalState([0.5, 0.5]);
    expect(() => relativeEntropy(half, diagonalState([0.25, 0.25, 0.5]))).toThrow(ShapeError);
    expect(() => relativeEntropy(half, [0.5, 0, 0, 0.6])).toThrow("sigma has trace 1.1");
    expect(() => relativeEntropy([0.5, 0, 0, 0.6], half)).toThrow(NotNormalizedError);
    expect(() => relativeEntropy(half, [1.5, 0, 0, -0.5])).toThrow("sigma has the eigenvalue -0.5");
    expect(() => relativeEntropy(half, [0.5, Number.NaN, 0, 0.5])).toThrow("sigma[0, 1] is NaN");
  });
});
