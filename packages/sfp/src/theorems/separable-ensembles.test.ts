import { coin, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import { describe, expect, test } from "vitest";
import { personaMess3 } from "../families/persona-mess3.ts";
import { separableEnsembles } from "./separable-ensembles.ts";

const factors = (dA: number, dC: number) => [
  { name: "a", dimension: dA },
  { name: "c", dimension: dC },
];

describe("separableEnsembles (T22)", () => {
  test("a perfectly correlated belief is entangled by exactly 1/2, its diagonal not at all", () => {
    const [correlated, asPure] = separableEnsembles.counterexamples;
    // CCNR norm 2 exceeds 1 by 1; negativity is 1/2
    expect(correlated === undefined ? 0 : separableEnsembles.residual(correlated.instance)).toBeCloseTo(1, 12);
    // quantum mutual information 2 against I = 1
    expect(asPure === undefined ? 0 : separableEnsembles.residual(asPure.instance)).toBeCloseTo(1, 12);
  });

  test("mixing correlated beliefs of opposite kind leaves less than the mean", () => {
    const instance = {
      dimensions: [2, 2],
      beliefs: [
        [0.5, 0, 0, 0.5],
        [0, 0.5, 0.5, 0],
      ],
      weights: [0.5, 0.5],
    } as const;
    expect(separableEnsembles.residual(instance)).toBeLessThan(1e-12);
    // claimed as products they are still separable (two Bell states in equal parts), unlike unequal parts
    expect(separableEnsembles.residual({ ...instance, products: true })).toBeLessThan(1e-12);
    expect(separableEnsembles.residual({ ...instance, weights: [0.9, 0.1], products: true })).toBeGreaterThan(0.3);
  });

  test("applies to the beliefs of an HMM with two factors", () => {
    const product = tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.3 }));
    for (const subject of [
      { process: product, factors: factors(3, 3) },
      { process: personaMess3({ theta: 1 }), factors: factors(2, 3) },
    ]) {
      const instance = separableEnsembles.instanceOf(subject);
      expect(instance?.weights.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(instance === undefined ? false : checkTheorem(separableEnsembles, { instance }).holds).toBe(true);
    }
    expect(separableEnsembles.instanceOf({ process: coin({ p: 0.5 }) })).toBeUndefined();
  });
});
