import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { wordsUpTo } from "../equivalence/_testing/words.ts";
import { areEquivalent } from "../equivalence/equivalent.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { expectLaw } from "./_testing/brute-force.ts";
import { chainProduct } from "./chain-product.ts";
import { hideFactors } from "./hide-factors.ts";
import { tensorProduct } from "./tensor-product.ts";
import { withNoise } from "./with-noise.ts";

const pair = fc.tuple(hmm({ maxStates: 2, maxTokens: 2, stationary: false }), hmm({ maxStates: 2, maxTokens: 2 }));

describe("hideFactors", () => {
  test.prop([pair], { numRuns: 30 })("an independent factor leaves no trace", ([a, c]) => {
    const sizes = [a.alphabet.length, c.alphabet.length];
    const product = tensorProduct(a, c);
    expect(areEquivalent(hideFactors(product, { sizes, hidden: [1] }), a).equivalent).toBe(true);
    expect(areEquivalent(hideFactors(product, { sizes, hidden: [0] }), c).equivalent).toBe(true);
  });

  test.prop([pair], { numRuns: 20 })("words are summed over the hidden tokens", ([first, c]) => {
    const variants = first.alphabet.map((_, u) => withNoise(c, { epsilon: u / 2 }));
    const [m, n] = [first.alphabet.length, c.alphabet.length];
    const chain = chainProduct({ first, variants });
    const seen = hideFactors(chain, { sizes: [m, n], hidden: [0] });
    expect([seen.certificate.kind, seen.stateDim]).toEqual(["hmm", chain.stateDim]);
    expectLaw(seen, 3, (word) =>
      wordsUpTo(m, word.length)
        .filter((hidden) => hidden.length === word.length)
        .reduce(
          (sum, hidden) =>
            sum +
            wordProbability(
              chain,
              hidden.map((u, t) => u * n + (word[t] ?? 0)),
            ),
          0,
        ),
    );
  });

  // Golden 42 (simplexity).
  test("the marginal of two coins", () => {
    const joint = tensorProduct(coin({ p: 0.6 }), coin({ p: 0.7 }));
    const first = hideFactors(joint, { sizes: [2, 2], hidden: [1] });
    expect([joint.alphabet.length, first.alphabet.length]).toEqual([4, 2]);
    expect(wordProbability(first, [0])).toBeCloseTo(0.6, 14);
    expect(wordProbability(first, [1])).toBeCloseTo(0.4, 14);
  });

  test("middle factors, sizes and names", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    const triple = tensorProduct(factor, coin({ p: 0.3 }), factor, factor);
    expect(triple.storage?.kind).toBe("kronecker"); // so the sizes are known
    const seen = hideFactors(triple, { hidden: [0, 2] });
    expect(seen.alphabet).toEqual(["0,0", "0,1", "0,2", "1,0", "1,1", "1,2"]);
    const expected = tensorProduct(coin({ p: 0.3 }), factor);
    expectLaw(seen, 2, (word) => wordProbability(expected, word));
    const renamed = { ...triple, alphabet: triple.alphabet.map((_, token) => `t${token}`) };
    expect(hideFactors(renamed, { hidden: [0, 2, 3] }).alphabet).toEqual(["0", "1"]);
    expect(hideFactors(triple, { hidden: [0, 2, 3], alphabet: ["a", "b"] }).alphabet).toEqual(["a", "b"]);
  });

  test("bad input", () => {
    const joint = chainProduct({ first: coin({ p: 0.6 }), variants: [coin({ p: 0.7 }), coin({ p: 0.7 })] });
    expect(() => hideFactors(joint, { hidden: [1] })).toThrow("Pass sizes");
    for (const sizes of [[2, 3], [4.5, 2], [], [-2, -2]]) {
      expect(() => hideFactors(joint, { sizes, hidden: [1] })).toThrow(ShapeError);
    }
    for (const hidden of [[], [0, 1], [2], [0, 0], [Number.NaN]]) {
      expect(() => hideFactors(joint, { sizes: [2, 2], hidden })).toThrow(InvalidArgumentError);
    }
    expect(() => hideFactors(joint, { sizes: [2, 2], hidden: [0], alphabet: ["a"] })).toThrow(ShapeError);
  });

  test("lists with holes, and what is no list, are refused by name", () => {
    const pair = tensorProduct(coin({ p: 0.6 }), coin({ p: 0.7 }));
    for (const bad of [null, 3, "01", new Array(2)]) {
      expect(() => hideFactors(pair, { sizes: [2, 2], hidden: bad as never })).toThrow("hideFactors: hidden is ");
      if (bad !== null) expect(() => hideFactors(pair, { sizes: bad as never, hidden: [0] })).toThrow(ShapeError);
    }
  });
});
