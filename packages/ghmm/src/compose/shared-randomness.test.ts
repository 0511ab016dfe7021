import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { wordsUpTo } from "../equivalence/_testing/words.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { along, expectLaw } from "./_testing/brute-force.ts";
import { sharedRandomness } from "./shared-randomness.ts";
import { tensorProduct } from "./tensor-product.ts";
import { withNoise } from "./with-noise.ts";

const factors = fc.tuple(hmm({ maxStates: 2, maxTokens: 2, stationary: false }), hmm({ maxStates: 2, maxTokens: 2 }));

describe("sharedRandomness", () => {
  test.prop([factors, fc.double({ min: 0, max: 1, noNaN: true })], { numRuns: 30 })(
    "words have the probability of the definition, summed over all choices",
    ([a, c], p) => {
      const weights = [p, 1 - p];
      const pairs: readonly (readonly [Process, Process])[] = [
        [a, withNoise(c, { epsilon: 0.7 })],
        [withNoise(a, { epsilon: 0.5 }), c],
      ];
      const joint = sharedRandomness({ weights, pairs });
      expect(joint.certificate.kind).toBe("hmm");
      const size = c.alphabet.length;
      expectLaw(joint, 3, (word) =>
        wordsUpTo(2, word.length)
          .filter((choices) => choices.length === word.length)
          .reduce((sum, choices) => {
            const path = (side: 0 | 1) =>
              word.map((token, t) => {
                const variant = pairs[choices[t] ?? 0]?.[side];
                return variant?.operator(side === 0 ? Math.floor(token / size) : token % size) ?? new Float64Array(0);
              });
            const chosen = choices.reduce((product, k) => product * (weights[k] ?? 0), 1);
            return sum + chosen * along(a.initial, path(0), a.normalizer) * along(c.initial, path(1), c.normalizer);
          }, 0),
      );
    },
  );

  test("one pair: the independent product", () => {
    const [a, c] = [mess3({ x: 0.15, a: 0.6 }), coin({ p: 0.3 })];
    const product = tensorProduct(a, c);
    expectLaw(sharedRandomness({ weights: [1], pairs: [[a, c]] }), 2, (word) => wordProbability(product, word));
  });

  test("bad input", () => {
    const [a, b] = [coin({ p: 0.5 }), coin({ p: 0.2 })];
    expect(() => sharedRandomness({ weights: [], pairs: [] })).toThrow(ShapeError);
    expect(() =>
      sharedRandomness({
        weights: [1],
        pairs: [
          [a, a],
          [b, b],
        ],
      }),
    ).toThrow(ShapeError);
    expect(() =>
      sharedRandomness({
        weights: [0.5, 0.4],
        pairs: [
          [a, a],
          [b, b],
        ],
      }),
    ).toThrow(NotNormalizedError);
    expect(() =>
      sharedRandomness({
        weights: [1.5, -0.5],
        pairs: [
          [a, a],
          [b, b],
        ],
      }),
    ).toThrow(InvalidArgumentError);
    expect(() => sharedRandomness({ weights: [Number.NaN], pairs: [[a, a]] })).toThrow("weights[0] is NaN");
    const three = mess3({ x: 0.15, a: 0.6 });
    expect(() =>
      sharedRandomness({
        weights: [0.5, 0.5],
        pairs: [
          [a, a],
          [a, three],
        ],
      }),
    ).toThrow("pairs[.][1][1]");
  });

  test("lists with holes, and what is no list, are refused by name", () => {
    const one = coin({ p: 0.5 });
    for (const pairs of [null, "1", [null], [[one]], new Array(1)]) {
      expect(() => sharedRandomness({ weights: [1], pairs: pairs as never })).toThrow("sharedRandomness: pairs");
    }
    expect(() => sharedRandomness({ weights: null as never, pairs: [[one, one]] })).toThrow("weights is null");
  });
});
