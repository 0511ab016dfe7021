import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, word } from "../arbitraries/index.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey } from "../random/key.ts";
import { logWordProbability, wordProbability } from "./probability.ts";
import { sampleSequences } from "./sample.ts";
import { beliefState, nextTokenDistribution } from "./update.ts";

/** All words of a length. */
function words(tokens: number, length: number): number[][] {
  if (length === 0) return [[]];
  return words(tokens, length - 1).flatMap((prefix) => Array.from({ length: tokens }, (_, x) => [...prefix, x]));
}

/** The sum over all hidden paths of the product of their probabilities. */
function sumOverPaths(process: Process, tokens: readonly number[]): number {
  const operators = tokens.map((token) => process.operator(token));
  const walk = (state: number, position: number): number => {
    const operator = operators[position];
    if (operator === undefined) return 1;
    let sum = 0;
    for (let next = 0; next < process.stateDim; next++) {
      sum += (operator[state * process.stateDim + next] ?? 0) * walk(next, position + 1);
    }
    return sum;
  };
  return process.initial.reduce((sum, weight, state) => sum + weight * walk(state, 0), 0);
}

const hmmAndWord = hmm({ stationary: false }).chain((process) =>
  word(process, 5).map((tokens) => ({ process, tokens })),
);
const pairAndWord = gaugeTransformed().chain((pair) => word(pair.ghmm, 5).map((tokens) => ({ ...pair, tokens })));

describe("wordProbability", () => {
  test.prop([hmmAndWord])("equals the sum over hidden paths", ({ process, tokens }) => {
    const expected = sumOverPaths(process, tokens);
    expect(Math.abs(wordProbability(process, tokens) / expected - 1)).toBeLessThan(1e-11);
  });

  // Goldens 11 and 16 (simplexity, test_hidden_markov_model.py and conformance vectors).
  test("goldens", () => {
    expect(wordProbability(zeroOneRandom({ p: 0.5 }), [1, 0, 0, 1, 1, 0])).toBeCloseTo(1 / 12, 15);
    expect(wordProbability(coin({ p: 0.7 }), [0, 1, 0])).toBeCloseTo(0.147, 15);
  });

  // Goldens 21 and 22, mess3(0.15, 0.6).
  test("mess3", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(wordProbability(process, [0])).toBeCloseTo(1 / 3, 14);
    expect(wordProbability(process, [0, 0])).toBeCloseTo(0.130666666667, 12);
    expect(wordProbability(process, [0, 1])).toBeCloseTo(0.101333333333, 12);
    expect(wordProbability(process, [2, 2, 2, 0])).toBeCloseTo(0.015606133333, 12);
    expect(wordProbability(process, [2, 2, 2, 2])).toBeCloseTo(0.023881066667, 12);
  });

  test("the empty word is certain and an impossible word has probability 0", () => {
    expect(wordProbability(coin({ p: 0.3 }), [])).toBe(1);
    expect(wordProbability(zeroOneRandom({ p: 0.5 }), [0, 0, 0, 1])).toBe(0);
  });

  test("every token is checked, also behind an impossible one", () => {
    expect(() => wordProbability(coin({ p: 1 }), [1, 2])).toThrow(InvalidArgumentError);
    expect(() => wordProbability(coin({ p: 1 }), [1, 2])).toThrow("wordProbability: the token at position 1 is 2");
    expect(() => logWordProbability(coin({ p: 1 }), [-1])).toThrow("logWordProbability: the token at position 0 is -1");
  });
});

describe("T1, normalisation", () => {
  test.prop([gaugeTransformed({ maxTokens: 3 })], { numRuns: 30 })("words of each length sum to one", (pair) => {
    for (const process of [pair.hmm, pair.ghmm]) {
      for (let length = 0; length <= 4; length++) {
        const sum = words(process.alphabet.length, length).reduce(
          (s, tokens) => s + wordProbability(process, tokens),
          0,
        );
        expect(Math.abs(sum - 1)).toBeLessThan(1e-11 * pair.condition ** 2);
      }
    }
  });

  test.prop([hmmAndWord])("P(h) = sum_x P(hx)", ({ process, tokens }) => {
    const extended = process.alphabet.reduce((sum, _, x) => sum + wordProbability(process, [...tokens, x]), 0);
    expect(extended).toBeCloseTo(wordProbability(process, tokens), 12);
  });

  test.prop([hmm().chain((process) => word(process, 5).map((tokens) => ({ process, tokens })))])(
    "from the stationary state also P(h) = sum_x P(xh)",
    ({ process, tokens }) => {
      const extended = process.alphabet.reduce((sum, _, x) => sum + wordProbability(process, [x, ...tokens]), 0);
      expect(extended).toBeCloseTo(wordProbability(process, tokens), 12);
    },
  );
});

describe("T2, chain rule", () => {
  test.prop([pairAndWord], { numRuns: 50 })("P(hx) = P(h) P(x | b(h))", ({ ghmm, tokens, condition }) => {
    const next = nextTokenDistribution(ghmm, beliefState(ghmm, tokens));
    next.forEach((probability, x) => {
      const joint = wordProbability(ghmm, [...tokens, x]);
      expect(Math.abs(joint - wordProbability(ghmm, tokens) * probability)).toBeLessThan(1e-11 * condition ** 2);
    });
  });
});

describe("logWordProbability", () => {
  test.prop([pairAndWord], { numRuns: 50 })("is the logarithm, with signs too", ({ ghmm, tokens }) => {
    const probability = wordProbability(ghmm, tokens);
    expect(Math.exp(logWordProbability(ghmm, tokens))).toBeCloseTo(probability, 12);
    expect(2 ** logWordProbability(ghmm, tokens, { unit: "bits" })).toBeCloseTo(probability, 12);
  });

  test("golden 11: ln(1/12)", () => {
    expect(logWordProbability(zeroOneRandom({ p: 0.5 }), [1, 0, 0, 1, 1, 0])).toBeCloseTo(Math.log(1 / 12), 14);
  });

  test("does not underflow", () => {
    const tokens = new Uint8Array(20_000);
    expect(wordProbability(coin({ p: 0.5 }), tokens)).toBe(0);
    expect(logWordProbability(coin({ p: 0.5 }), tokens)).toBeCloseTo(-20_000 * Math.LN2, 8);
  });

  test("an impossible word gives -Infinity, never NaN", () => {
    expect(logWordProbability(zeroOneRandom({ p: 0.5 }), [0, 0, 0, 1])).toBe(Number.NEGATIVE_INFINITY);
  });

  describe("10^6 tokens", () => {
    const process = mess3({ x: 0.05, a: 0.85 });
    const signed = changeBasis(process, [
      [2, 1, 0],
      [0, 1, -1],
      [1, 0, 1],
    ]);
    const length = 1_000_000;
    const { tokens } = sampleSequences(process, { count: 1, length, key: createKey(5) });
    const signedWhole = logWordProbability(signed, tokens);

    test("signed and non-negative coordinates agree, and rounding does not drift", () => {
      const whole = logWordProbability(process, tokens);
      // minus the entropy rate in nats (0.793458, the published value), within a Monte-Carlo error of about 0.001
      expect(whole / length).toBeCloseTo(-0.7935, 2);
      expect(Math.abs(signedWhole - whole)).toBeLessThan(1e-6);
    });

    test("blocks with beliefs of their own, from the 300 tokens before each, add up to the same", () => {
      const block = 10_000;
      let sum = 0;
      for (let start = 0; start < length; start += block) {
        const before = tokens.subarray(Math.max(0, start - 300), start);
        const both = tokens.subarray(Math.max(0, start - 300), start + block);
        sum += logWordProbability(signed, both) - logWordProbability(signed, before);
      }
      expect(Math.abs(signedWhole - sum)).toBeLessThan(1e-6);
    });
  });
});
