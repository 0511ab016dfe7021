import { InvalidArgumentError, tensorProduct, wordProbability, zeroOneRandom } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  beliefInformation,
  binaryEntropy,
  blockEntropyCurve,
  entropyBits,
  mutualInformationOf,
  wordsOfLength,
} from "../_testing/words.ts";
import { operatorFactorization } from "../discover/operator-factorization.ts";
import { phaseLockedZ1r } from "./phase-locked-z1r.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });

/** Number of distinct beliefs that can be reached. */
function countBeliefs(kappa: number): number {
  const process = phaseLockedZ1r({ kappa });
  const seen = new Set<string>();
  const queue = [process.initial];
  for (let belief = queue.pop(); belief !== undefined; belief = queue.pop()) {
    const key = Array.from(belief, (value) => value.toFixed(9)).join();
    if (seen.has(key)) continue;
    seen.add(key);
    for (let token = 0; token < 4; token++) {
      const next = new Float64Array(9);
      if (process.step(belief, token, next) > 0) queue.push(next);
    }
  }
  return seen.size;
}

describe("phaseLockedZ1r", () => {
  test("preserves its three blocks exactly, for every kappa and alpha", () => {
    fc.assert(
      fc.property(unit, unit, (kappa, alpha) => {
        const process = phaseLockedZ1r({ kappa, alpha });
        expect(process.defect).toBe(0);
        expect(process.partition.blocks.length).toBe(3);
      }),
    );
  });

  test("both factor processes are Zero-One-Random(1/2) for every kappa and alpha", () => {
    const factor = zeroOneRandom({ p: 0.5 });
    fc.assert(
      fc.property(unit, unit, (kappa, alpha) => {
        const words = wordsOfLength(phaseLockedZ1r({ kappa, alpha }), 4);
        for (const bit of [1, 0]) {
          const law = new Map<string, number>();
          for (const { tokens, probability } of words) {
            const word = tokens.map((token) => (token >> bit) & 1).join("");
            law.set(word, (law.get(word) ?? 0) + probability);
          }
          for (const [word, probability] of law) {
            expect(probability).toBeCloseTo(wordProbability(factor, Array.from(word, Number)), 14);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  test("at kappa 0 and alpha 0 it is the product of two independent factors", () => {
    const product = tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.5 }));
    const process = phaseLockedZ1r();
    for (let token = 0; token < 4; token++) expect(process.operator(token)).toEqual(product.operator(token));
    for (const { belief } of wordsOfLength(process, 4)) expect(beliefInformation(belief, 3)).toBeCloseTo(0, 12);
  });

  test("operators have operator-Schmidt rank 1 at kappa 0 and 2 above", () => {
    const ranks = (kappa: number) =>
      operatorFactorization(phaseLockedZ1r({ kappa }), [3, 3]).tokens.map(({ rank }) => rank);
    expect(ranks(0)).toEqual([1, 1, 1, 1]);
    expect(ranks(0.4)).toEqual([2, 2, 2, 2]);
  });

  // goldens of the theory: 1 - Fbar = sum_x P(x) S_op(T^x) / log2 9
  test.each([
    [0, 0],
    [0.25, 0.0054],
    [0.5, 0.01741],
    [0.75, 0.03344],
    [1, 0.05187],
  ])("golden: at kappa %d the operators are %d away from factored", (kappa, golden) => {
    const process = phaseLockedZ1r({ kappa });
    const { fbar } = operatorFactorization(process, process.structure);
    expect(Math.abs(1 - fbar - golden)).toBeLessThan(5e-6);
  });

  test.each([
    [0, 2 / 3, 0, 0],
    [0.5, 0.645698, 0.020969, 0.029049],
    [1, 0.555556, 0.111111, 0.122556],
  ])(
    "golden: kappa %d has entropy rate %d, factor information rate %d, largest belief information %d",
    (kappa, h, rate, largest) => {
      const process = phaseLockedZ1r({ kappa });
      const exact = (1 + binaryEntropy((1 + kappa) / 2)) / 9 + 4 / 9;
      expect(exact).toBeCloseTo(h, 6);
      expect((1 - binaryEntropy((1 + kappa) / 2)) / 9).toBeCloseTo(rate, 6);
      const curve = blockEntropyCurve(process, 5);
      expect((curve[5] ?? 0) - (curve[4] ?? 0)).toBeCloseTo(exact, 12);
      // h_U + h_Y - h_UY with both factor rates 1/3
      expect(2 / 3 - exact).toBeCloseTo(rate, 6);
      const informations = [0, 1, 2, 3, 4].flatMap((length) =>
        wordsOfLength(process, length).map(({ belief }) => beliefInformation(belief, 3)),
      );
      expect(Math.max(...informations)).toBeCloseTo(largest, 6);
    },
  );

  test.each([
    [0, 21],
    [0.5, 21],
    [1, 17],
  ])("golden: kappa %d has %d distinct beliefs", (kappa, count) => {
    expect(countBeliefs(kappa)).toBe(count);
  });

  test.each([
    [0, 0],
    [0.25, 0.084963],
    [0.5, 0.333333],
    [0.75, 0.768273],
    [1, 1.584963],
  ])("golden: alpha %d starts with phases that share %d bits, and the words come to share as much", (alpha, golden) => {
    const process = phaseLockedZ1r({ alpha });
    expect(beliefInformation(process.initial, 3)).toBeCloseTo(golden, 6);
    expect(Math.log2(3) - entropyBits([(1 + 2 * alpha) / 3, (1 - alpha) / 3, (1 - alpha) / 3])).toBeCloseTo(golden, 6);
    const words = wordsOfLength(process, 7);
    const shared = mutualInformationOf(
      words,
      ({ tokens }) => tokens.map((token) => token >> 1).join(""),
      ({ tokens }) => tokens.map((token) => token & 1).join(""),
    );
    expect(shared).toBeCloseTo(golden, 6);
  });

  test("refuses parameters out of range", () => {
    expect(() => phaseLockedZ1r({ kappa: 1.1 })).toThrow(InvalidArgumentError);
    expect(() => phaseLockedZ1r({ alpha: Number.NaN })).toThrow("phaseLockedZ1r: alpha is NaN");
  });
});
