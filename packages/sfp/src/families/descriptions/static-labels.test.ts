import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryEntropy, blockEntropyCurve, wordsOfLength } from "../../_testing/words.ts";
import { findBlocks } from "../../discover/find-blocks.ts";
import { operatorFactorization } from "../../discover/operator-factorization.ts";
import { mutualInformation, negativity, pureDensity, schmidt, squareRootState } from "../../entanglement/index.ts";
import { marginals } from "../../structure/marginals.ts";
import { staticLabels } from "../static-labels.ts";
import { quantityOf } from "./_testing/quantity-of.ts";
import { staticLabelsDescription as family } from "./static-labels.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const labels = (n: number) => Array.from({ length: n }, (_, i) => (i + 1) / (n + 2));

describe("closed forms of staticLabels", () => {
  // theory notes 2.7: to 1e-12
  test("golden: two labels each: the four formulas, and what the measures say", () => {
    for (const alpha of [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]) {
      const { initial } = staticLabels({ alpha });
      const value = (name: string) => quantityOf(family, { alpha }, name);
      const formulas = {
        "mutual information of the start": [1 - binaryEntropy((1 + alpha) / 2), mutualInformation(initial, [2, 2])],
        "square-root entropy of the start": [
          binaryEntropy((1 + Math.sqrt(1 - alpha ** 2)) / 2),
          schmidt(initial, [2, 2]).entropy,
        ],
        "negativity of the start": [alpha / 2, negativity(pureDensity(squareRootState(initial, [2, 2])), [2, 2])],
        "amplitude entropy of the start": [
          binaryEntropy(1 / (1 + alpha ** 2)),
          schmidt(initial, [2, 2], { embedding: "amplitude" }).entropy,
        ],
      };
      for (const [name, [formula, measured]] of Object.entries(formulas)) {
        expect(Math.abs(value(name) - (formula ?? Number.NaN))).toBeLessThan(1e-12);
        expect(Math.abs(value(name) - (measured ?? Number.NaN))).toBeLessThan(1e-12);
      }
    }
  });

  test("N labels on both sides: the same measures", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), unit, (n, alpha) => {
        const options = { alpha, first: labels(n), second: labels(n) };
        const { initial } = staticLabels(options);
        const sides = [n, n] as const;
        const value = (name: string) => quantityOf(family, options, name);
        expect(value("mutual information of the start")).toBeCloseTo(mutualInformation(initial, sides), 9);
        expect(value("square-root entropy of the start")).toBeCloseTo(schmidt(initial, sides).entropy, 7);
        expect(value("amplitude entropy of the start")).toBeCloseTo(
          schmidt(initial, sides, { embedding: "amplitude" }).entropy,
          7,
        );
        const density = pureDensity(squareRootState(initial, sides));
        expect(value("negativity of the start")).toBeCloseTo(negativity(density, sides), 8);
      }),
      { numRuns: 20 },
    );
  });

  test("N x M labels: uniform marginals, cells, operators that are products, rate and commutant", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 5 }), unit, (n, m, alpha) => {
        const options = { alpha, first: labels(n), second: labels(m) };
        const process = staticLabels(options);
        expect([process.kind, process.strong, process.stateDim]).toEqual(["cell", true, n * m]);
        const [first, second] = marginals(process.structure, process.initial);
        for (const value of first) expect(value).toBeCloseTo(1 / n, 14);
        for (const value of second) expect(value).toBeCloseTo(1 / m, 14);
        expect(operatorFactorization(process, process.structure).fbar).toBeCloseTo(1, 9);
        expect(quantityOf(family, options, "mutual information of the start")).toBeCloseTo(
          mutualInformation(process.initial, [n, m]),
          9,
        );
      }),
      { numRuns: 30 },
    );
    const options = { alpha: 1, first: labels(2), second: labels(4) };
    expect(Array.from(staticLabels(options).initial, (p) => 4 * p)).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
    expect(quantityOf(family, options, "mutual information of the start")).toBe(1);
    expect(findBlocks(staticLabels(options)).commutantDimension).toBe(8);
    expect(quantityOf(family, options, "commutant dimension")).toBe(8);
    expect(quantityOf(family, { first: [0.5, 0.5] }, "commutant dimension")).toBe(8);
    expect(() => staticLabels({ first: labels(20), second: labels(20) })).toThrow(
      "the number of pairs of labels is 400",
    );
  });

  test("the conditional entropy falls to the rate, and words of one factor do not see alpha", () => {
    const options = { alpha: 0.6, first: [0.02, 0.98], second: [0.05, 0.95] };
    const curve = blockEntropyCurve(staticLabels(options), 6);
    const last = (curve[6] ?? 0) - (curve[5] ?? 0);
    const rate = quantityOf(family, options, "entropy rate");
    expect(last).toBeGreaterThan(rate - 1e-12);
    expect(last).toBeLessThan(rate + 0.02);
    const law = (alpha: number) => {
      const sums = new Map<string, number>();
      for (const { tokens, probability } of wordsOfLength(staticLabels({ ...options, alpha }), 3)) {
        const word = tokens.map((token) => token & 1).join("");
        sums.set(word, (sums.get(word) ?? 0) + probability);
      }
      return [...sums.values()];
    };
    law(0.9).forEach((value, i) => {
      expect(value).toBeCloseTo(law(0)[i] ?? -1, 14);
    });
  });
});
