import { fc, test } from "@fast-check/vitest";
import { describe, expect, expectTypeOf } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey, type Key } from "../random/key.ts";
import { threefryBlock } from "../random/threefry.ts";
import { filterBeliefs } from "./filter.ts";
import { wordProbability } from "./probability.ts";
import { sampleSequences } from "./sample.ts";

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyKey: fc.Arbitrary<Key> = fc.tuple(word, word);
const processes = fc.oneof(
  hmm({ stationary: false }),
  gaugeTransformed({ stationary: false }).map(({ ghmm }) => ghmm),
);

/** Pearson's statistic of the words of a length against their probabilities, and its degrees of freedom. */
function chiSquare(process: Process, length: number, count: number, key: Key): { statistic: number; freedom: number } {
  const { tokens } = sampleSequences(process, { count, length, key });
  const vocabulary = process.alphabet.length;
  const seen = new Float64Array(vocabulary ** length);
  for (let i = 0; i < count; i++) {
    let index = 0;
    for (let t = 0; t < length; t++) index = index * vocabulary + (tokens[i * length + t] ?? 0);
    seen[index] = (seen[index] ?? 0) + 1;
  }
  let statistic = 0;
  let freedom = -1;
  seen.forEach((observed, index) => {
    const digits = Array.from({ length }, (_, t) => Math.floor(index / vocabulary ** (length - 1 - t)) % vocabulary);
    const expected = count * wordProbability(process, digits);
    if (expected === 0) expect(observed).toBe(0);
    else {
      statistic += (observed - expected) ** 2 / expected;
      freedom++;
    }
  });
  return { statistic, freedom };
}

describe("sampleSequences", () => {
  test.prop([processes, anyKey, fc.nat(4), fc.nat(6), fc.nat(6)], { numRuns: 50 })(
    "is pure in (key, index), and a longer sequence extends a shorter one",
    (process, key, count, length, extra) => {
      const batch = sampleSequences(process, { count, length: length + extra, key, firstIndex: 3 });
      for (let i = 0; i < count; i++) {
        const { tokens } = sampleSequences(process, { count: 1, length, key, firstIndex: 3 + i });
        const at = i * (length + extra);
        expect(tokens).toEqual(batch.tokens.slice(at, at + length));
      }
    },
  );

  test.prop([hmm({ stationary: false }), anyKey], { numRuns: 50 })("emits along its hidden path", (process, key) => {
    const { tokens, states } = sampleSequences(process, { count: 2, length: 5, key, withStates: true });
    expect(states.length).toBe(12);
    for (let i = 0; i < 2; i++) {
      expect(process.initial[states[i * 6] ?? -1]).toBeGreaterThan(0);
      for (let t = 0; t < 5; t++) {
        const [from = -1, to = -1] = states.slice(i * 6 + t, i * 6 + t + 2);
        expect(process.operator(tokens[i * 5 + t] ?? -1)[from * process.stateDim + to]).toBeGreaterThan(0);
      }
    }
    expect(sampleSequences(process, { count: 2, length: 5, key }).tokens).toEqual(tokens);
  });

  test.prop([processes, anyKey], { numRuns: 30 })("gives the filtered beliefs", (process, key) => {
    const sampled = sampleSequences(process, { count: 2, length: 4, key, withBeliefs: true });
    expect(sampled.beliefs).toEqual(filterBeliefs(process, sampled).beliefs);
    expect("states" in sampled).toBe(false);
  });

  test("word t of sequence i is half t mod 2 of the threefry block (i, t div 2)", () => {
    // With p = 1/2 the random token of Z1R is the top bit of its word; word 0 picks the phase.
    const key: Key = [123, 456];
    const { tokens, states } = sampleSequences(zeroOneRandom({ p: 0.5 }), {
      count: 5,
      length: 9,
      key,
      withStates: true,
    });
    const block = new Uint32Array(2);
    for (let i = 0; i < 5; i++) {
      threefryBlock(key[0], key[1], i, 0, block, 0);
      expect(states[i * 10]).toBe(Math.floor(((block[0] ?? 0) / 2 ** 32) * 3));
      for (let t = 0; t < 9; t++) {
        if (states[i * 10 + t] !== 2) continue;
        threefryBlock(key[0], key[1], i, (t + 1) >> 1, block, 0);
        expect(tokens[i * 9 + t]).toBe((block[(t + 1) % 2] ?? 0) >>> 31);
      }
    }
  });

  test("sampling by belief draws the same tokens where states are known from tokens", () => {
    for (const p of [0.25, 0.3, 0.875]) {
      const process = coin({ p });
      const options = { count: 20, length: 100, key: createKey(4) };
      const byBelief = sampleSequences(changeBasis(process, [[2]]), options);
      expect(byBelief.tokens).toEqual(sampleSequences(process, options).tokens);
    }
  });

  test("a golden: this exact draw must never change", () => {
    const { tokens } = sampleSequences(mess3({ x: 0.15, a: 0.6 }), { count: 2, length: 12, key: createKey(7) });
    expect(Array.from(tokens).join("")).toBe("102010001212212110002120");
  });

  // Chi-square upper quantiles stay below freedom + 5 sqrt(2 freedom) + 20 at the 1e-6 level for these sizes.
  test.each([
    ["mess3", mess3({ x: 0.15, a: 0.6 }), 4],
    ["zeroOneRandom", zeroOneRandom({ p: 0.3 }), 6],
    ["Z1R x Z1R", tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.2 })), 3],
    [
      "mess3 in other coordinates, by belief",
      changeBasis(mess3({ x: 0.15, a: 0.6 }), [
        [1, 0.5, 0],
        [0, 2, -1],
        [0.3, 0, 1],
      ]),
      4,
    ],
  ])("words of %s have their probabilities", (_, process, length) => {
    const { statistic, freedom } = chiSquare(process, length, 40_000, createKey(11));
    expect(freedom).toBeGreaterThan(4);
    expect(statistic).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom) + 20);
    expect(statistic).toBeGreaterThan(freedom - 5 * Math.sqrt(2 * freedom));
  });

  test("empty requests", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(sampleSequences(process, { count: 0, length: 5, key: [0, 0] }).tokens).toHaveLength(0);
    const none = sampleSequences(process, { count: 2, length: 0, key: [0, 0], withStates: true, withBeliefs: true });
    expect([none.tokens.length, none.states.length, none.beliefs.length]).toEqual([0, 2, 6]);
  });

  test("operators that are no process are found out when no token is left", () => {
    // Token 0 leads to a state after which both tokens have probability 0.
    const broken = {
      ...zeroOneRandom({ p: 0.5 }),
      certificate: { kind: "unchecked", wordLength: 0, smallestProbability: 1 } as const,
      operator: (token: number) => Float64Array.of(0, token === 0 ? 1 : 0, 0, 0, 0, 0, 0, 0, 0),
      initial: Float64Array.of(1, 0, 0),
    };
    expect(() => sampleSequences(broken, { count: 1, length: 3, key: [0, 0] })).toThrow(
      "no token has a positive probability after 1 tokens of sequence 0",
    );
    const negative = {
      ...broken,
      operator: (token: number) => Float64Array.of(0, token === 0 ? 2 : -1, 0, 0, 0, 0, 0, 0, 0),
    };
    expect(() => sampleSequences(negative, { count: 1, length: 3, key: [0, 0] })).toThrow(
      "token 1 has probability -1 after 0 tokens of sequence 0",
    );
  });

  test("the types say which fields are there", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const options = { count: 1, length: 2, key: createKey(0) };
    expectTypeOf(sampleSequences(process, options).beliefs).toEqualTypeOf<Float64Array | undefined>();
    expectTypeOf(sampleSequences(process, { ...options, withBeliefs: true }).beliefs).toEqualTypeOf<Float64Array>();
    expectTypeOf(sampleSequences(process, { ...options, withStates: true }).states).toEqualTypeOf<Int32Array>();
  });

  test("bad input", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const key = createKey(0);
    expect(() => sampleSequences(process, { count: -1, length: 1, key })).toThrow(InvalidArgumentError);
    expect(() => sampleSequences(process, { count: -1, length: 1, key })).toThrow("sampleSequences: count is -1");
    expect(() => sampleSequences(process, { count: 1, length: Number.NaN, key })).toThrow("length is NaN");
    expect(() => sampleSequences(process, { count: 1, length: 1, key: [-1, 0] })).toThrow("key[0] is -1");
    // @ts-expect-error the compiler refuses it too
    expect(() => sampleSequences(process, { count: 1, length: 1 })).toThrow("sampleSequences: key is undefined");
    expect(() => sampleSequences(process, { count: 2, length: 1, key, firstIndex: 2 ** 32 - 1 })).toThrow("firstIndex");
    expect(() => sampleSequences(process, { count: 2 ** 20, length: 2 ** 20, key })).toThrow("count * (length + 1) is");
    const broken = { ...process, initial: Float64Array.of(Number.NaN, 0, 1) };
    expect(() => sampleSequences(broken, { count: 1, length: 1, key })).toThrow("belief . normalizer is NaN");
    const turned = changeBasis(process, [
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect(() => sampleSequences(turned, { count: 1, length: 1, key, withStates: true })).toThrow(UnsupportedError);
  });
});
