import { excessEntropy, hankelRank, mixedStatePresentation } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockEntropyCurve, mutualInformationOf, wordsOfLength } from "../../_testing/words.ts";
import { findBlocks } from "../../discover/find-blocks.ts";
import { operatorFactorization } from "../../discover/operator-factorization.ts";
import { mutualInformation, schmidt } from "../../entanglement/index.ts";
import { phaseLockedZ1r } from "../phase-locked-z1r.ts";
import { quantityOf } from "./_testing/quantity-of.ts";
import { phaseLockedZ1rDescription as family } from "./phase-locked-z1r.ts";

const unit = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
const sides = [3, 3] as const;

describe("closed forms of phaseLockedZ1r", () => {
  test("are what the process has, at every kappa and alpha", () => {
    fc.assert(
      fc.property(unit, unit, (kappa, alpha) => {
        const process = phaseLockedZ1r({ kappa, alpha });
        const value = (name: string) => quantityOf(family, { kappa, alpha }, name);
        const { initial } = process;
        expect(value("mutual information of the start")).toBeCloseTo(mutualInformation(initial, sides), 9);
        expect(value("square-root entropy of the start")).toBeCloseTo(schmidt(initial, sides).entropy, 8);
        const { fbar, maxRank } = operatorFactorization(process, process.structure);
        expect(value("distance from factored")).toBeCloseTo(1 - fbar, 9);
        expect(value("operator-Schmidt rank")).toBe(maxRank);
      }),
      { numRuns: 50 },
    );
  });

  test("entropy rate, factor rates and excess entropy, by enumeration and by the presentation", () => {
    for (const [kappa, alpha] of [
      [0, 0.3],
      [0.5, 0.6],
      [1, 0.4],
    ] as const) {
      const process = phaseLockedZ1r({ kappa, alpha });
      const curve = blockEntropyCurve(process, 8);
      // three steps are a period
      const rate = ((curve[8] ?? 0) - (curve[5] ?? 0)) / 3;
      expect(quantityOf(family, { kappa, alpha }, "entropy rate")).toBeCloseTo(rate, 10);
      expect(quantityOf(family, { kappa, alpha }, "token information rate")).toBeCloseTo(2 / 3 - rate, 10);
      expect(quantityOf(family, { kappa, alpha }, "excess entropy")).toBeCloseTo((curve[8] ?? 0) - 8 * rate, 9);
    }
  });

  // theory notes 2.4: Z(alpha), at alpha 0, .25, .5, .75, 1: information, excess entropy, square-root entropy of the start
  test.each([
    [0, 0, 3.169925, 0],
    [0.25, 0.084963, 3.084963, 0.215894],
    [0.5, 0.333333, 2.836592, 0.614369],
    [0.75, 0.768273, 2.401652, 1.086111],
    [1, 1.584963, 1.584963, 1.584963],
  ])(
    "golden: alpha %d has information %d, excess entropy %d, square-root entropy %d",
    (alpha, information, excess, s) => {
      const value = (name: string) => quantityOf(family, { alpha }, name);
      expect(value("mutual information of the start")).toBeCloseTo(information, 6);
      expect(value("excess entropy")).toBeCloseTo(excess, 6);
      expect(value("square-root entropy of the start")).toBeCloseTo(s, 6);
      expect(value("entropy rate")).toBeCloseTo(2 / 3, 12);
      expect(excessEntropy(phaseLockedZ1r({ alpha })).value).toBeCloseTo(excess, 6);
    },
  );

  // theory notes 2.4: Z9(kappa)
  test.each([
    [0, 0.666667, 0, 0, 0],
    [0.5, 0.645698, 0.020969, 0.029049, 0.081469],
    [1, 0.555556, 0.111111, 0.122556, 0.354579],
  ])("golden: kappa %d has rates %d and %d, largest belief measures %d and %d", (kappa, h, i, information, s) => {
    const process = phaseLockedZ1r({ kappa });
    expect(quantityOf(family, { kappa }, "entropy rate")).toBeCloseTo(h, 6);
    expect(quantityOf(family, { kappa }, "token information rate")).toBeCloseTo(i, 6);
    const curve = blockEntropyCurve(process, 6);
    for (const length of [4, 5, 6]) expect((curve[length] ?? 0) - (curve[length - 1] ?? 0)).toBeCloseTo(h, 6);
    const { states, recurrent } = mixedStatePresentation(process);
    const largest = (measure: (belief: Float64Array) => number) => Math.max(...states.map((belief) => measure(belief)));
    expect(largest((belief) => mutualInformation(belief, sides))).toBeCloseTo(information, 6);
    expect(largest((belief) => schmidt(belief, sides).entropy)).toBeCloseTo(s, 6);
    expect(recurrent.filter(Boolean).length).toBe(9);
    expect(states.length).toBe(kappa === 1 ? 17 : 21);
    expect(hankelRank(process)).toBe(9);
    expect(findBlocks(process).commutantDimension).toBe(quantityOf(family, { kappa }, "commutant dimension"));
  });

  test("golden: correlation is transient, beliefs are products after four tokens, and the words have shared all of it by seven", () => {
    const process = phaseLockedZ1r({ alpha: 0.5 });
    for (const { belief } of wordsOfLength(process, 4)) expect(mutualInformation(belief, sides)).toBeCloseTo(0, 12);
    const shared = mutualInformationOf(
      wordsOfLength(process, 8),
      ({ tokens }) => tokens.map((token) => token >> 1).join(""),
      ({ tokens }) => tokens.map((token) => token & 1).join(""),
    );
    expect(shared).toBeCloseTo(0.333333, 6);
  });
});
