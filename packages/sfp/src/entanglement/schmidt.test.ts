import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, NotNormalizedError, ShapeError, shannonEntropy } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { jointBelief, productBelief } from "../arbitraries/beliefs.ts";
import { pureDensity, squareRootState } from "./embeddings.ts";
import { vonNeumannEntropy } from "./entropies.ts";
import { mutualInformation, quantumMutualInformation } from "./mutual-information.ts";
import { partialTrace } from "./partial-trace.ts";
import { schmidt } from "./schmidt.ts";

/** Adds row `from` of a `[rows, columns]` matrix to row `to` and drops it: a local stochastic map of the first factor. */
function mergeRows(matrix: Float64Array, columns: number, to: number, from: number): Float64Array {
  const rows = Array.from({ length: matrix.length / columns }, (_, a) => [
    ...matrix.subarray(a * columns, (a + 1) * columns),
  ]);
  const merged = (rows[to] ?? []).map((value, c) => value + (rows[from]?.[c] ?? 0));
  return Float64Array.from(rows.flatMap((row, a) => (a === to ? merged : a === from ? [] : row)));
}

describe("schmidt", () => {
  test.prop([jointBelief()], { numRuns: 100 })(
    "0 <= I <= entropy <= the entropy of either factor, and quantum information is twice it (T20)",
    ({ belief, dimensions }) => {
      const [dA, dC] = dimensions;
      const { entropy, coefficients } = schmidt(belief, dimensions);
      const information = mutualInformation(belief, dimensions);
      const law = (size: number, label: (s: number) => number) => {
        const out = new Float64Array(size);
        belief.forEach((p, s) => {
          out[label(s)] = (out[label(s)] ?? 0) + p;
        });
        return shannonEntropy(out);
      };
      const bound = Math.min(
        law(dA, (s) => Math.floor(s / dC)),
        law(dC, (s) => s % dC),
      );
      expect(information).toBeGreaterThanOrEqual(0);
      expect(entropy).toBeGreaterThanOrEqual(information - 1e-12);
      expect(bound).toBeGreaterThanOrEqual(entropy - 1e-12);
      expect(entropy).toBeLessThanOrEqual(Math.log2(Math.min(dA, dC)) + 1e-12);
      expect(coefficients.reduce((sum, s) => sum + s * s, 0)).toBeCloseTo(1, 14);
      const rho = pureDensity(squareRootState(belief, dimensions));
      expect(quantumMutualInformation(rho, dimensions)).toBeCloseTo(2 * entropy, 10);
    },
  );

  test.prop([jointBelief(), fc.boolean()], { numRuns: 100 })(
    "squares of the coefficients are the eigenvalues of either factor's state",
    ({ belief, dimensions }, first) => {
      const { entropy } = schmidt(belief, dimensions);
      const rho = pureDensity(squareRootState(belief, dimensions));
      const reduced = partialTrace(rho, dimensions, { keep: first ? "first" : "second" });
      expect(vonNeumannEntropy(reduced)).toBeCloseTo(entropy, 10);
    },
  );

  test.prop([productBelief()], { numRuns: 100 })(
    "products have rank 1 and entropy 0 (T19)",
    ({ belief, dimensions }) => {
      for (const embedding of ["sqrt", "amplitude"] as const) {
        const { rank, entropy } = schmidt(belief, dimensions, { embedding });
        expect(rank).toBe(1);
        expect(entropy).toBeCloseTo(0, 12);
      }
    },
  );

  test.prop([fc.constantFrom(2, 3, 4)])(
    "perfect correlation: entropy, information and entropy of a factor agree",
    (d) => {
      const weights = Array.from({ length: d }, (_, i) => ((i + 1) * 2) / (d * (d + 1)));
      const belief = Float64Array.from({ length: d * d }, (_, s) =>
        s % (d + 1) === 0 ? (weights[s / (d + 1)] ?? 0) : 0,
      );
      const entropy = shannonEntropy(weights);
      expect(schmidt(belief, [d, d]).entropy).toBeCloseTo(entropy, 13);
      expect(mutualInformation(belief, [d, d])).toBeCloseTo(entropy, 13);
      expect(schmidt(belief, [d, d], { unit: "nats" }).entropy).toBeCloseTo(entropy * Math.LN2, 13);
    },
  );

  // T21e: local processing of a belief can increase the entropy of its square-root state
  test("merging two states of a factor raises the entropy from 1.041396 to 1.087329 and lowers the information", () => {
    const given = [0.21, 0.25, 0, 0, 0, 0.045, 0, 0.045, 0, 0.2, 0, 0.25];
    const total = given.reduce((sum, value) => sum + value, 0);
    const belief = Float64Array.from(given, (value) => value / total);
    const merged = mergeRows(belief, 3, 1, 2);
    expect(schmidt(belief, [4, 3]).entropy).toBeCloseTo(1.041396, 6);
    expect(schmidt(merged, [3, 3]).entropy).toBeCloseTo(1.087329, 6);
    expect(mutualInformation(belief, [4, 3])).toBeCloseTo(0.663028, 6);
    expect(mutualInformation(merged, [3, 3])).toBeCloseTo(0.573028, 6);
  });

  // T21b
  test.prop([jointBelief(), fc.double({ min: 0.1, max: 0.9, noNaN: true })], { numRuns: 50 })(
    "splitting a state into clones changes neither the square-root entropy nor the information",
    ({ belief, dimensions }, ratio) => {
      const [dA, dC] = dimensions;
      const row = belief.subarray(0, dC);
      const split = Float64Array.from([
        ...row.map((value) => value * ratio),
        ...row.map((value) => value * (1 - ratio)),
        ...belief.subarray(dC),
      ]);
      expect(schmidt(split, [dA + 1, dC]).entropy).toBeCloseTo(schmidt(belief, dimensions).entropy, 10);
      expect(mutualInformation(split, [dA + 1, dC])).toBeCloseTo(mutualInformation(belief, dimensions), 10);
    },
  );

  test("splitting changes the amplitude entropy", () => {
    const whole = schmidt([0.4, 0.1, 0.1, 0.4], [2, 2], { embedding: "amplitude" }).entropy;
    const split = schmidt([0.2, 0.05, 0.2, 0.05, 0.1, 0.4], [3, 2], { embedding: "amplitude" }).entropy;
    expect(Math.abs(whole - split)).toBeGreaterThan(0.02);
  });

  test("bad input", () => {
    expect(() => schmidt([1.5, -0.5], [1, 2])).toThrow("belief[1] is -0.5");
    expect(() => schmidt([1.5, -0.5], [1, 2])).toThrow(InvalidArgumentError);
    expect(() => schmidt([0.5, 0.4], [1, 2])).toThrow(NotNormalizedError);
    expect(() => schmidt([0.5, Number.NaN], [1, 2])).toThrow("belief[1] is NaN");
    expect(() => schmidt([0.5, 0.5], [2, 2])).toThrow(ShapeError);
    expect(() => schmidt([0.5, 0.5], [1.5, 2])).toThrow("dimensions[0] is 1.5");
    expect(() => schmidt([0.5, 0.5], [1, 2], { embedding: "root" as "sqrt" })).toThrow('embedding is "root"');
    expect(() => schmidt([0.5, 0.5], [1, 2], { tolerance: -1 })).toThrow("tolerance is -1");
    expect(() => schmidt([0, 0], [1, 2], { embedding: "amplitude" })).toThrow("belief is zero");
  });
});
