import { describe, expect, test } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey } from "../random/key.ts";
import { chainProduct } from "./chain-product.ts";
import { sampleWithFrozenFactors } from "./frozen-factors.ts";
import { tensorProduct } from "./tensor-product.ts";
import { withNoise } from "./with-noise.ts";

const key = createKey(3);

describe("sampleWithFrozenFactors", () => {
  test("frozen factors are the same in all sequences, the others vary", () => {
    const triple = tensorProduct(mess3({ x: 0.15, a: 0.6 }), coin({ p: 0.5 }), zeroOneRandom({ p: 0.5 }));
    const sizes = [3, 2, 2];
    const { tokens, word } = sampleWithFrozenFactors(triple, { sizes, frozen: [0, 2], count: 20, length: 12, key });
    const free = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const row = Array.from(tokens.subarray(i * 12, (i + 1) * 12));
      expect(row.map((token) => 2 * Math.floor(token / 4) + (token % 2))).toEqual(Array.from(word));
      free.add(row.map((token) => Math.floor(token / 2) % 2).join(""));
      expect(wordProbability(triple, row)).toBeGreaterThan(0);
    }
    expect(free.size).toBe(20);
  });

  // The word is not the cause but the effect here: the hidden past of the first factor has to be inferred from the whole of it.
  test("the others follow their law given the whole frozen word", () => {
    const chain = withNoise(
      chainProduct({
        first: mess3({ x: 0.2, a: 0.9 }),
        variants: [coin({ p: 0.9 }), coin({ p: 0.1 }), coin({ p: 0.5 })],
      }),
      { epsilon: 0.1 },
    );
    const word = [1, 0]; // of the second factor
    const count = 6000;
    const { tokens } = sampleWithFrozenFactors(chain, { sizes: [3, 2], frozen: [1], count, length: 2, key, word });
    const seen = new Float64Array(9);
    for (let i = 0; i < count; i++) {
      const [a, b] = [tokens[2 * i] ?? 0, tokens[2 * i + 1] ?? 0];
      if (a % 2 !== word[0] || b % 2 !== word[1]) throw new Error(`sequence ${i} has another frozen word`);
      const at = 3 * Math.floor(a / 2) + Math.floor(b / 2);
      seen[at] = (seen[at] ?? 0) + 1 / count;
    }
    const joint = Array.from(seen, (_, at) => wordProbability(chain, [2 * Math.floor(at / 3) + 1, 2 * (at % 3)]));
    const total = joint.reduce((sum, p) => sum + p, 0);
    joint.forEach((p, at) => {
      const expected = p / total;
      const standardError = Math.sqrt((expected * (1 - expected)) / count);
      expect(Math.abs((seen[at] ?? 0) - expected)).toBeLessThan(4.5 * standardError);
    });
  });

  test("the frozen word is drawn from its own law", () => {
    const pair = tensorProduct(coin({ p: 0.8 }), mess3({ x: 0.15, a: 0.6 }));
    const length = 4000;
    const { word } = sampleWithFrozenFactors(pair, { sizes: [2, 3], frozen: [0], count: 1, length, key });
    const zeros = word.filter((token) => token === 0).length / length;
    expect(Math.abs(zeros - 0.8)).toBeLessThan(4.5 * Math.sqrt(0.16 / length));
  });

  test("is a pure function of the key and the index", () => {
    const pair = tensorProduct(coin({ p: 0.8 }), mess3({ x: 0.15, a: 0.6 }));
    const run = (count: number, seed = key) =>
      sampleWithFrozenFactors(pair, { sizes: [2, 3], frozen: [0], count, length: 20, key: seed }).tokens;
    expect(run(3)).toEqual(run(5).slice(0, 60));
    expect(run(3, createKey(4))).not.toEqual(run(3));
    expect(run(0)).toHaveLength(0);
  });

  test("long words do not underflow", () => {
    const pair = tensorProduct(mess3({ x: 0.15, a: 0.6 }), coin({ p: 0.5 }));
    const { tokens } = sampleWithFrozenFactors(pair, { sizes: [3, 2], frozen: [0], count: 1, length: 5000, key });
    expect(new Set(tokens).size).toBe(6);
  });

  test("sequences without tokens take no time, however many", () => {
    const pair = tensorProduct(coin({ p: 0.5 }), coin({ p: 0.5 }));
    const none = sampleWithFrozenFactors(pair, { sizes: [2, 2], frozen: [0], count: 2 ** 31, length: 0, key });
    expect(none).toEqual({ tokens: new Int32Array(0), word: new Int32Array(0), count: 2 ** 31, length: 0 });
  });

  test("bad input", () => {
    const pair = tensorProduct(zeroOneRandom({ p: 0.5 }), coin({ p: 0.5 }));
    const options = { sizes: [2, 2], frozen: [0], count: 2, length: 3, key };
    const run = (changes: object) => () => sampleWithFrozenFactors(pair, { ...options, ...changes });
    expect(run({ frozen: [] })).toThrow(InvalidArgumentError);
    expect(run({ frozen: [0, 1] })).toThrow(InvalidArgumentError);
    expect(run({ sizes: [2, 3] })).toThrow(ShapeError);
    expect(run({ count: -1 })).toThrow("count is -1");
    expect(run({ length: Number.NaN })).toThrow("length is NaN");
    expect(run({ key: [1] })).toThrow(InvalidArgumentError);
    expect(run({ word: [0, 1] })).toThrow(ShapeError);
    expect(run({ word: [0, 1, 2] })).toThrow("the token at position 2 is 2");
    expect(run({ word: [0, 0, 0] })).toThrow(ZeroProbabilityError);
    const wide = tensorProduct(mess3({ x: 0.1, a: 0.6 }), mess3({ x: 0.1, a: 0.6 }), mess3({ x: 0.1, a: 0.6 }));
    expect(() => sampleWithFrozenFactors(wide, { frozen: [0], count: 1, length: 2 ** 20, key })).toThrow(
      UnsupportedError,
    );
  });
});
