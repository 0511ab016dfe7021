import { InvalidArgumentError, ShapeError, singularValueDecomposition } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beliefInformation, binaryEntropy, entropyBits, wordsOfLength } from "../_testing/words.ts";
import { operatorFactorization } from "../discover/operator-factorization.ts";
import { blockWeights } from "../structure/blocks.ts";
import { marginals } from "../structure/marginals.ts";
import { staticLabels } from "./static-labels.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe("staticLabels", () => {
  test("closed forms of the start: mutual information and the Schmidt entropies of both embeddings", () => {
    fc.assert(
      fc.property(unit, (alpha) => {
        const { initial } = staticLabels({ alpha });
        expect(beliefInformation(initial, 2)).toBeCloseTo(1 - binaryEntropy((1 + alpha) / 2), 10);
        const schmidtEntropy = (matrix: Float64Array) => {
          const squares = Array.from(singularValueDecomposition(matrix, [2, 2]).values, (value) => value ** 2);
          const total = squares.reduce((sum, value) => sum + value, 0);
          return entropyBits(squares.map((value) => value / total));
        };
        expect(schmidtEntropy(initial.map(Math.sqrt))).toBeCloseTo(
          binaryEntropy((1 + Math.sqrt(1 - alpha ** 2)) / 2),
          8,
        );
        expect(schmidtEntropy(initial)).toBeCloseTo(binaryEntropy(1 / (1 + alpha ** 2)), 8);
      }),
    );
  });

  test("is a cell partition with four blocks; operators are tensor products; marginals do not depend on alpha", () => {
    fc.assert(
      fc.property(unit, unit, unit, (alpha, p, q) => {
        const process = staticLabels({ alpha, first: [p, q], second: [q, p] });
        expect(process).toMatchObject({ kind: "cell", strong: true, defect: 0 });
        const [first, second] = marginals(process.structure, process.initial);
        for (const value of [...first, ...second]) expect(value).toBeCloseTo(0.5, 14);
      }),
    );
    expect(operatorFactorization(staticLabels({ alpha: 0.7 }), [2, 2]).maxRank).toBe(1);
  });

  test("each factor's words have the same law for every alpha", () => {
    const law = (alpha: number) => {
      const sums = new Map<string, number>();
      for (const { tokens, probability } of wordsOfLength(staticLabels({ alpha }), 4)) {
        const word = tokens.map((token) => token >> 1).join("");
        sums.set(word, (sums.get(word) ?? 0) + probability);
      }
      return sums;
    };
    const independent = law(0);
    for (const [word, probability] of law(0.8)) expect(probability).toBeCloseTo(independent.get(word) ?? -1, 14);
  });

  test("labels are learned and never change", () => {
    const process = staticLabels({ alpha: 1 });
    for (const { belief } of wordsOfLength(process, 3)) {
      const weights = blockWeights(process, belief);
      expect(weights[1]).toBe(0);
      expect(weights[2]).toBe(0);
    }
  });

  test("refuses bad parameters by name", () => {
    expect(() => staticLabels({ alpha: -1 })).toThrow("staticLabels: alpha is -1");
    expect(() => staticLabels({ first: [0.5, 2] })).toThrow(InvalidArgumentError);
    expect(() => staticLabels(JSON.parse('{ "second": [1] }'))).toThrow(ShapeError);
  });
});

test("refuses lists with holes", () => {
  const first = [0.1];
  first[2] = 0.9;
  expect(() => staticLabels({ first })).toThrow("staticLabels: first[1] is NaN");
});
