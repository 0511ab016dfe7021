import { coin } from "@semifactor/ghmm";
import { eigenvalues } from "@semifactor/ghmm/internal";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { contextPersonas } from "../families/context-personas.ts";
import { contextGeneralization } from "./context-generalization.ts";

/** Participation ratio of the covariance of `P(i_k = 1 | h)` over all words of a length, by enumeration. */
function participation(alpha: number, epsilon: number, contexts: number, length: number): number {
  const covariance = new Float64Array(contexts * contexts);
  for (const { probability, belief } of wordsOfLength(contextPersonas({ contexts, alpha, epsilon }), length)) {
    const p = Array.from({ length: contexts }, (_, k) =>
      belief.reduce((sum, weight, i) => sum + ((i >> k) & 1) * weight, -1 / 2),
    );
    covariance.forEach((value, i) => {
      covariance[i] = value + probability * (p[Math.floor(i / contexts)] ?? 0) * (p[i % contexts] ?? 0);
    });
  }
  const { real } = eigenvalues(covariance, contexts);
  return real.reduce((sum, value) => sum + value, 0) ** 2 / real.reduce((sum, value) => sum + value ** 2, 0);
}

describe("contextGeneralization (T30)", () => {
  test("holds on random instances; each counterexample fails visibly", () => {
    const { holds, counterexamples } = checkTheorem(contextGeneralization);
    expect(holds).toBe(true);
    for (const { violates, residual } of counterexamples) {
      expect(violates).toBe(true);
      expect(residual).toBeGreaterThan(0.05);
    }
    expect(new Set(counterexamples.map(({ drops }) => drops)).size).toBe(contextGeneralization.hypotheses.length);
  });

  test("random instances have alpha at 0, at 1 and between", () => {
    const drawn = fc.sample(contextGeneralization.arbitrary, { numRuns: 200, seed: 1 });
    for (const alpha of [0, 1]) expect(drawn.some((instance) => instance.alpha === alpha)).toBe(true);
    expect(drawn.filter(({ alpha }) => alpha > 0.01 && alpha < 1).length).toBeGreaterThan(100);
  });

  // theory notes, 2.6: K = 2, 4 and alpha = 0, .1, .25, .5, 1
  test.each([2, 4, 6])("K = %d: G_k = 1 - alpha, and not some other number", (contexts) => {
    for (const alpha of [0, 0.1, 0.25, 0.5, 1]) {
      expect(contextGeneralization.residual({ contexts, alpha, epsilon: 0.1 })).toBeLessThan(1e-11);
      const { initial } = contextPersonas({ contexts, alpha });
      const claimed = alpha < 0.5 ? alpha + 0.3 : alpha - 0.3;
      const wrong = contextGeneralization.residual({ contexts, alpha: claimed, epsilon: 0.1, prior: initial });
      expect(wrong).toBeGreaterThanOrEqual(0.3 - 1e-9);
    }
  });

  // theory notes, 2.6: 1, 1.062, 1.360, 4; the ensemble is that of all words of three tokens, with epsilon = 1/5
  test.each([
    [0, 1],
    [0.25, 1.062],
    [0.5, 1.36],
    [1, 4],
  ])("golden: K = 4, alpha %d: participation ratio %d", (alpha, golden) => {
    expect(Math.abs(participation(alpha, 0.2, 4, 3) - golden)).toBeLessThan(5e-4);
  });

  test("after one token the participation ratio is that of A^2, whatever epsilon", () => {
    for (const epsilon of [0.05, 0.3]) {
      // alpha = 1/2, K = 4: eigenvalues of A are 5/2 and 1/2
      const [common, own] = [6.25, 0.25];
      const expected = (common + 3 * own) ** 2 / (common ** 2 + 3 * own ** 2);
      expect(participation(0.5, epsilon, 4, 1)).toBeCloseTo(expected, 12);
    }
  });

  test("by hand: two pairs of contexts: a partner is 1/2 above, a stranger 1/2 below the claim of 1/2", () => {
    const [pairs, skewed, blind] = contextGeneralization.counterexamples;
    if (pairs === undefined || skewed === undefined || blind === undefined) throw new Error("a counterexample is gone");
    expect(contextGeneralization.residual(pairs.instance)).toBeGreaterThanOrEqual(0.5);
    expect(contextGeneralization.residual(blind.instance)).toBeGreaterThanOrEqual(0.75);
    expect(contextGeneralization.residual(skewed.instance)).toBeGreaterThan(0.1);
  });

  test("subjects: the family's processes, told by their parameters", () => {
    const process = contextPersonas({ contexts: 3, alpha: 0.4 });
    const instance = contextGeneralization.instanceOf({ process });
    expect(instance).toMatchObject({ contexts: 3, alpha: 0.4, epsilon: 0.1 });
    expect(instance === undefined ? 1 : contextGeneralization.residual(instance)).toBeLessThan(1e-11);
    expect(contextGeneralization.instanceOf({ process: coin({ p: 0.5 }) })).toBeUndefined();
    expect(contextGeneralization.instanceOf({ process: contextPersonas({ contexts: 7 }) })).toBeUndefined();
    const chain = [
      [0.5, 0.5],
      [0.2, 0.8],
    ];
    expect(contextGeneralization.instanceOf({ process: contextPersonas({ contexts: 2, chain }) })).toBeUndefined();
  });

  test("bad input", () => {
    const instance = { contexts: 3, alpha: 0.5, epsilon: 0.1 };
    expect(() => contextGeneralization.residual({ ...instance, contexts: 7 })).toThrow("contexts is 7");
    expect(() => contextGeneralization.residual({ ...instance, alpha: Number.NaN })).toThrow("alpha is NaN");
    expect(() => contextGeneralization.residual({ ...instance, epsilon: 0.6 })).toThrow("epsilon is 0.6");
    expect(() => contextGeneralization.residual({ ...instance, prior: [1] })).toThrow("prior has 1 entries");
    expect(() => contextGeneralization.residual({ ...instance, prior: new Float64Array(8) })).toThrow(
      "prior sums to 0",
    );
  });

  test("no false alarm for tokens that say little, or bits that are almost one", () => {
    for (const epsilon of [0.45, 0.47, 0.4999, 0.49999, 0.4999999]) {
      for (const alpha of [0, 0.25, 1]) {
        expect(checkTheorem(contextGeneralization, { instance: { contexts: 3, alpha, epsilon } }).holds).toBe(true);
        // and the wrong alpha is still found out
        const { initial: prior } = contextPersonas({ contexts: 3, alpha });
        const claimed = { contexts: 3, alpha: alpha < 0.5 ? alpha + 0.3 : alpha - 0.3, epsilon, prior };
        expect(checkTheorem(contextGeneralization, { instance: claimed }).holds).toBe(false);
      }
    }
    for (const alpha of [1e-13, 1e-11, 1e-9, 1e-7, 1e-5]) {
      expect(checkTheorem(contextGeneralization, { instance: { contexts: 3, alpha, epsilon: 0.1 } }).holds).toBe(true);
    }
  });
});
