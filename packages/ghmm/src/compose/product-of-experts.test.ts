import { describe, expect, test } from "vitest";
import { nextTokenDistribution } from "../belief/update.ts";
import { createHmm } from "../process/create.ts";
import { coin } from "../processes/coin.ts";
import { chainProduct } from "./chain-product.ts";

// The rule that is not offered (see chainProduct): each of two factors selects the other's variant in the same step, and the product
// of their probabilities is divided by its sum. These tests show why it is no GHMM, with the numbers of simplexity's tests.

/** Probabilities `P(u | a, y) P(y | c, u) / Z` from `p0[y][u]` and `p1[u][y]`, token `2 u + y`, and `Z`. */
function expertProduct(p0: readonly (readonly number[])[], p1: readonly (readonly number[])[]) {
  const weights = [0, 1, 2, 3].map((token) => (p0[token & 1]?.[token >> 1] ?? 0) * (p1[token >> 1]?.[token & 1] ?? 0));
  const partition = weights.reduce((sum, weight) => sum + weight, 0);
  return { weights, partition, joint: weights.map((weight) => (partition > 0 ? weight / partition : 0.25)) };
}

describe("a product of experts is not a GHMM", () => {
  // Goldens 36 and 38 (simplexity).
  test("the published rule", () => {
    const { joint } = expertProduct(
      [
        [0.6, 0.4],
        [0.1, 0.9],
      ],
      [
        [0.2, 0.8],
        [0.7, 0.3],
      ],
    );
    [0.16, 0.106667, 0.373333, 0.36].forEach((p, token) => {
      expect(joint[token]).toBeCloseTo(p, 6);
    });
    expect(
      expertProduct(
        [
          [0, 1],
          [1, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ).joint,
    ).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  // Golden 37: the conditionals of a joint distribution do not give it back.
  test("it distorts a joint distribution from its own conditionals", () => {
    const joint = [0.1, 0.4, 0.2, 0.3];
    const p = (token: number) => joint[token] ?? 0;
    const p0 = [0, 1].map((y) => [p(y) / (p(y) + p(2 + y)), p(2 + y) / (p(y) + p(2 + y))]);
    const p1 = [0, 1].map((u) => [p(2 * u) / (p(2 * u) + p(2 * u + 1)), p(2 * u + 1) / (p(2 * u) + p(2 * u + 1))]);
    const product = expertProduct(p0, p1).joint;
    [7 / 110, 24 / 55, 14 / 55, 27 / 110].forEach((expected, token) => {
      expect(product[token]).toBeCloseTo(expected, 12);
    });
  });

  // The first factor has two hidden states; its variant y emits 0 with probability zero[y][s] in state s.
  const zero = [
    [0.9, 0.1],
    [0.3, 0.6],
  ];
  const second = [
    [0.7, 0.3],
    [0.2, 0.8],
  ];
  const p0 = ([a, b]: readonly [number, number]) =>
    zero.map(([one = 0, other = 0]) => a * one + b * other).map((p) => [p, 1 - p]);
  const [corner, opposite, middle] = [
    [1, 0],
    [0, 1],
    [0.5, 0.5],
  ] as const;

  test("its partition sum depends on the belief, so no normalizer replaces it", () => {
    expect(expertProduct(p0(corner), second).partition).toBeCloseTo(1.3, 12);
    expect(expertProduct(p0(opposite), second).partition).toBeCloseTo(0.75, 12);
  });

  // For operators T^x and a normalizer, P(x | b) = b T^x w is linear in b, and so it is in a chain.
  test("a mixture of beliefs does not predict the mixture of the predictions; in a chain it does", () => {
    const defect = (predict: (belief: readonly [number, number]) => ArrayLike<number>) => {
      const [one, other, mixed] = [predict(corner), predict(opposite), predict(middle)];
      return [0, 1, 2, 3].reduce(
        (max, x) => Math.max(max, Math.abs((mixed[x] ?? 0) - ((one[x] ?? 0) + (other[x] ?? 0)) / 2)),
        0,
      );
    };
    expect(defect((belief) => expertProduct(p0(belief), second).joint)).toBeGreaterThan(0.01);
    const first = createHmm({
      operators: [
        [
          [0.9, 0],
          [0, 0.1],
        ],
        [
          [0.1, 0],
          [0, 0.9],
        ],
      ],
      initial: [0.5, 0.5],
    });
    const chain = chainProduct({ first, variants: [coin({ p: 0.7 }), coin({ p: 0.2 })] });
    expect(defect((belief) => nextTokenDistribution(chain, belief))).toBeLessThan(1e-15);
  });
});
