import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { createKey, foldIn, type Key, normal, randomBits, splitKey, uniform } from "./index.ts";
import { inverseNormalCdf } from "./inverse-normal.ts";
import { threefryBlock } from "./threefry.ts";

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyKey: fc.Arbitrary<Key> = fc.tuple(word, word);

/** Threefry-2x32-20 written from the paper's definition, with BigInt: the oracle for the unrolled one. */
function threefryFromPaper(key: Key, counter: readonly [number, number]): readonly [number, number] {
  const mask = 0xffffffffn;
  const k = [BigInt(key[0]), BigInt(key[1])];
  k.push((k[0] ?? 0n) ^ (k[1] ?? 0n) ^ 0x1bd11bdan);
  const rotations = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];
  let [x, y] = [BigInt(counter[0]), BigInt(counter[1])];
  const inject = (s: number): void => {
    x = (x + (k[s % 3] ?? 0n)) & mask;
    y = (y + (k[(s + 1) % 3] ?? 0n) + BigInt(s)) & mask;
  };
  inject(0);
  for (let round = 0; round < 20; round++) {
    const r = rotations[round % 8] ?? 0n;
    x = (x + y) & mask;
    y = (((y << r) | (y >> (32n - r))) & mask) ^ x;
    if (round % 4 === 3) inject((round + 1) / 4);
  }
  return [Number(x), Number(y)];
}

describe("threefryBlock", () => {
  // Known-answer vectors distributed with Random123 (Salmon et al. 2011), threefry2x32 with 20 rounds.
  test.each([
    { key: [0, 0], counter: [0, 0], words: [0x6b200159, 0x99ba4efe] },
    {
      key: [0xffffffff, 0xffffffff],
      counter: [0xffffffff, 0xffffffff],
      words: [0x1cb996fc, 0xbb002be7],
    },
    { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], words: [0xc4923a9c, 0x483df7a0] },
  ] as const)("known answer for key $key", ({ key, counter, words }) => {
    const out = new Uint32Array(3);
    threefryBlock(key[0], key[1], counter[0], counter[1], out, 1);
    expect(Array.from(out)).toEqual([0, ...words]);
  });

  test.prop([anyKey, fc.tuple(word, word)])("equals the definition", (key, counter) => {
    const out = new Uint32Array(2);
    threefryBlock(key[0], key[1], counter[0], counter[1], out, 0);
    expect(Array.from(out)).toEqual(threefryFromPaper(key, counter));
  });
});

describe("JAX goldens (jax_threefry_partitionable, as of JAX 0.5)", () => {
  test("bits", () => {
    expect(Array.from(randomBits(createKey(0), 1))).toEqual([4070199207]);
    expect(Array.from(randomBits(createKey(10), 4))).toEqual([169096361, 1572511259, 2689743692, 2228103506]);
  });

  test("split", () => {
    expect(splitKey(createKey(1), 3)).toEqual([
      [507451445, 1853169794],
      [1948878966, 4237131848],
      [2441914641, 3819641963],
    ]);
  });

  test("uniform", () => {
    const expected = [0.471269, 0.12344253, 0.17550635, 0.5663593];
    const drawn = uniform(createKey(51), 4);
    for (const [i, value] of expected.entries()) expect(drawn[i]).toBeCloseTo(value, 7);
  });
});

describe("keys", () => {
  test("a seed of more than 32 bits fills the high word", () => {
    expect(createKey(2 ** 32 + 5)).toEqual([1, 5]);
    expect(createKey(2 ** 53 - 1)).toEqual([2 ** 21 - 1, 2 ** 32 - 1]);
  });

  test.prop([anyKey, fc.integer({ min: 1, max: 20 })])("splitKey is foldIn of the indices", (key, count) => {
    expect(splitKey(key, count)).toEqual(Array.from({ length: count }, (_, i) => foldIn(key, i)));
  });

  test.prop([anyKey, fc.nat(50), fc.nat(50)])("a shorter draw is a prefix of a longer one", (key, a, b) => {
    const [short, long] = [Math.min(a, b), Math.max(a, b)];
    expect(randomBits(key, short)).toEqual(randomBits(key, long).slice(0, short));
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("createKey refuses %s", (seed) => {
    expect(() => createKey(seed)).toThrow(InvalidArgumentError);
    expect(() => createKey(seed)).toThrow(`createKey: seed is ${seed}`);
  });

  test("bad keys, counts and data are refused with their value", () => {
    expect(() => foldIn([0, -1], 0)).toThrow("foldIn: key[1] is -1");
    expect(() => foldIn([2 ** 32, 0], 0)).toThrow("foldIn: key[0] is 4294967296");
    expect(() => foldIn([0, 0], 2 ** 32)).toThrow("foldIn: data is 4294967296");
    expect(() => splitKey([0, 0], -2)).toThrow("splitKey: count is -2");
    expect(() => randomBits([0, 0], 1.5)).toThrow("randomBits: count is 1.5");
    expect(() => uniform([0, 0], Number.NaN)).toThrow("uniform: count is NaN");
    expect(() => normal([0, 0], -1)).toThrow("normal: count is -1");
  });
});

describe("uniform", () => {
  test.prop([anyKey])("values lie in [0, 1) and are float32", (key) => {
    for (const value of uniform(key, 20)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      expect(Math.fround(value)).toBe(value);
    }
  });
});

describe("normal", () => {
  // Python's statistics.NormalDist().inv_cdf((k + 0.5) / 2**32).
  test.each([
    [0, -6.337957754553789],
    [1, -6.166429517819749],
    [12345, -4.535422762090429],
    [2 ** 30, -0.6744897498297384],
    [2 ** 31 - 1, -2.9180993729166234e-10],
    [2 ** 31, 2.9180993729166234e-10],
    [3 * 2 ** 30 + 7, 0.6744897556912315],
    [2 ** 32 - 1, 6.337957754553789],
  ])("quantile of draw %i", (bits, expected) => {
    expect(Math.abs(inverseNormalCdf((bits + 0.5) / 2 ** 32) / expected - 1)).toBeLessThan(1e-14);
  });

  test("a draw is the quantile in the middle of its interval", () => {
    const bits = randomBits(createKey(3), 100);
    normal(createKey(3), 100).forEach((value, i) => {
      expect(value).toBe(inverseNormalCdf(((bits[i] ?? Number.NaN) + 0.5) / 2 ** 32));
    });
  });

  test.prop([word])("the quantile is odd about one half", (bits) => {
    const p = (bits + 0.5) / 2 ** 32;
    expect(inverseNormalCdf(1 - p)).toBe(-inverseNormalCdf(p));
  });

  test("moments of 20 000 draws lie within five standard errors", () => {
    const draws = normal(createKey(3), 20_000);
    const moment = (power: number): number => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length;
    const root = Math.sqrt(draws.length);
    expect(Math.abs(moment(1))).toBeLessThan(5 / root);
    expect(Math.abs(moment(2) - 1)).toBeLessThan((5 * Math.sqrt(2)) / root);
    expect(Math.abs(moment(4) - 3)).toBeLessThan((5 * Math.sqrt(96)) / root);
  });

  test("negative zero is zero, and a key is a pair", () => {
    expect(createKey(-0)).toEqual([0, 0]);
    // @ts-expect-error the compiler refuses it too
    expect(() => foldIn([1], 0)).toThrow("foldIn: key is [1]");
    // @ts-expect-error the compiler refuses it too
    expect(() => randomBits(7, 1)).toThrow(InvalidArgumentError);
  });

  test("more keys than fit are refused before they are made", () => {
    expect(() => splitKey([0, 0], 2 ** 24 + 1)).toThrow(
      "splitKey: count is 16777217. Give an integer from 0 to 16777216",
    );
  });
});
