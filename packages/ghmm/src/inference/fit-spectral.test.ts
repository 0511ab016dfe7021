import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { sampleSequences } from "../belief/sample.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey } from "../random/key.ts";
import { compareWords } from "./_testing/compare-words.ts";
import { randomHmm } from "./_testing/instances.ts";
import { fitSpectral, type SpectralOptions } from "./fit-spectral.ts";

const sample = (process: Process, length: number, seed: number) =>
  sampleSequences(process, { count: 1, length, key: createKey(seed) }).tokens;

/** A token sequence that cycles through all words of a length equally often (a de Bruijn sequence), with a full seam. */
function deBruijn(size: number, length: number): number[] {
  const out: number[] = [];
  const seen = new Set<string>();
  let window = new Array<number>(length - 1).fill(0);
  for (;;) {
    const next = Array.from({ length: size }, (_, i) => size - 1 - i).find((x) => !seen.has([...window, x].join()));
    if (next === undefined) return [...out, ...out.slice(0, length - 1)];
    seen.add([...window, next].join());
    out.push(next);
    window = [...window.slice(1), next];
  }
}

describe("fitSpectral", () => {
  test("a random HMM of four states: word probabilities from 10^6 tokens", () => {
    const truth = randomHmm(4, 3, 1);
    const fitted = fitSpectral({ tokens: sample(truth, 1_000_000, 2), rank: 4 });
    const { totalVariation, largest } = compareWords(truth, fitted.process, 4);
    expect(totalVariation).toBeLessThan(0.006);
    expect(largest).toBeLessThan(0.001);
    expect(fitted).toMatchObject({ rank: 4, wordLength: 3, windows: 1_000_000 - 6 });
  });

  test("the error falls as the square root of the number of tokens", () => {
    const truth = mess3({ x: 0.05, a: 0.85 });
    const mean = (length: number) =>
      [0, 1, 2, 3].reduce((sum, seed) => {
        const fitted = fitSpectral({ tokens: sample(truth, length, seed), rank: 3 });
        return sum + compareWords(truth, fitted.process, 4).totalVariation / 4;
      }, 0);
    const ratio = mean(4000) / mean(64_000);
    // 16 times the tokens: a factor 4, give or take what four seeds vary
    expect(ratio).toBeGreaterThan(2.5);
    expect(ratio).toBeLessThan(6);
  });

  test.each<readonly [string, Process, number]>([
    ["coin", coin({ p: 0.3 }), 1],
    ["Z1R, with three unit singular values", zeroOneRandom({ p: 0.5 }), 3],
    ["Mess3", mess3({ x: 0.05, a: 0.85 }), 3],
  ])("the rank of %s is found by the noise level", (_, process, rank) => {
    const fitted = fitSpectral({ tokens: sample(process, 50_000, 3) });
    expect(fitted.rank).toBe(rank);
    expect(fitted.singularValues[rank - 1]).toBeGreaterThan(fitted.noiseLevel);
    expect(fitted.condition).toBeCloseTo(1 / (fitted.singularValues[rank - 1] ?? 0), 12);
    expect(compareWords(process, fitted.process, 4).totalVariation).toBeLessThan(0.02);
  });

  test("exact frequencies give the exact process: all words equally often is a fair coin", () => {
    const fitted = fitSpectral({ tokens: deBruijn(2, 5), wordLength: 2 });
    expect(fitted.rank).toBe(1);
    expect(fitted.singularValues.subarray(1).every((value) => value < 1e-12)).toBe(true);
    expect(fitted.process.operator(0)[0]).toBeCloseTo(0.5, 14);
    expect(() => fitSpectral({ tokens: deBruijn(2, 5), wordLength: 2, rank: 2 })).toThrow("only 1 singular values");
  });

  test.prop([fc.array(fc.nat(2), { minLength: 40, maxLength: 80 }), fc.integer({ min: 1, max: 4 })], { numRuns: 40 })(
    "any data: T w = w, eta0 T = eta0, and the smallest probability of a short word is true",
    (tokens, rank) => {
      let fitted: ReturnType<typeof fitSpectral>;
      try {
        fitted = fitSpectral({ tokens, alphabet: 3, rank, wordLength: 1 });
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidArgumentError);
        return;
      }
      const { process, smallestProbability } = fitted;
      const d = process.stateDim;
      expect(process.certificate).toMatchObject({ kind: "unchecked", smallestProbability });
      const net = new Float64Array(d * d);
      process.alphabet.forEach((_, x) => {
        process.operator(x).forEach((value, i) => {
          expect(Number.isFinite(value)).toBe(true);
          net[i] = (net[i] ?? 0) + value;
        });
      });
      const state = new Float64Array(d);
      vectorTimesMatrix(process.initial, net, d, state);
      for (let s = 0; s < d; s++) {
        expect(state[s]).toBeCloseTo(process.initial[s] ?? Number.NaN, 12);
        expect(dot(net.subarray(s * d, (s + 1) * d), process.normalizer)).toBeCloseTo(process.normalizer[s] ?? 0, 12);
      }
      process.alphabet.forEach((_, x) => {
        vectorTimesMatrix(process.initial, process.operator(x), d, state);
        expect(dot(state, process.normalizer)).toBeGreaterThanOrEqual(smallestProbability - 1e-15);
      });
    },
  );

  test("a fit with negative probabilities says so, and its filter refuses the words", () => {
    const tokens = sample(randomHmm(4, 3, 0), 300, 5);
    const { process, smallestProbability } = fitSpectral({ tokens, rank: 12 });
    expect(smallestProbability).toBeLessThan(-1e-4);
    expect(process.certificate).toMatchObject({ kind: "unchecked", smallestProbability });
    const words = Array.from({ length: 3 ** 6 }, (_, code) =>
      Array.from({ length: 6 }, (_, i) => Math.floor(code / 3 ** i) % 3),
    );
    const probabilities = words.map((word) => wordProbability(process, word));
    expect(probabilities.every((probability) => probability >= 0)).toBe(true);
    expect(probabilities.some((probability) => probability === 0)).toBe(true);
  });

  test("sequences are not joined: a batch of the same sequences has the frequencies of one", () => {
    const tokens = sample(mess3({ x: 0.05, a: 0.85 }), 2000, 1);
    const once = fitSpectral({ tokens, rank: 3 });
    const twice = fitSpectral({ tokens: [...tokens, ...tokens], lengths: [2000, 2000], rank: 3 });
    expect(twice.windows).toBe(2 * once.windows);
    twice.singularValues.forEach((value, i) => {
      expect(value).toBeCloseTo(once.singularValues[i] ?? Number.NaN, 12);
    });
    const { process } = fitSpectral({ tokens, alphabet: ["a", "b", "c"], rank: 3 });
    expect(process.alphabet).toEqual(["a", "b", "c"]);
    expect(wordProbability(process, [0, 1, 2])).toBeCloseTo(wordProbability(twice.process, [0, 1, 2]), 10);
  });

  test("one token value", () => {
    const { process, rank } = fitSpectral({ tokens: new Uint8Array(10) });
    expect(rank).toBe(1);
    expect(wordProbability(process, [0, 0])).toBe(1);
  });

  const tokens = [0, 1, 0, 1, 1, 0, 1, 0];
  test.each<readonly [SpectralOptions, new (...args: never[]) => Error, string]>([
    [{ tokens: [] }, InvalidArgumentError, "no sequence has 3 tokens"],
    [{ tokens: [0, 1], wordLength: 1 }, InvalidArgumentError, "no sequence has 3 tokens"],
    [{ tokens, lengths: [2, 2, 2, 2], wordLength: 1 }, InvalidArgumentError, "no sequence has 3 tokens"],
    [{ tokens, lengths: [3] }, ShapeError, "8 tokens for lengths that sum to 3"],
    [{ tokens, alphabet: 1 }, InvalidArgumentError, "the token at position 1 is 1"],
    [{ tokens, alphabet: 0 }, InvalidArgumentError, "alphabet is 0"],
    [{ tokens: [0, Number.NaN, 0] }, InvalidArgumentError, "the token at position 1 is NaN"],
    [{ tokens, wordLength: 0 }, InvalidArgumentError, "wordLength is 0"],
    [{ tokens, wordLength: 10 }, InvalidArgumentError, "the number of words of wordLength tokens is 1024"],
    [{ tokens: [0, 1, 300] }, InvalidArgumentError, "the number of words of 2 wordLength + 1 tokens is 27270901"],
    [{ tokens, wordLength: 1, rank: 3 }, InvalidArgumentError, "rank is 3"],
    [{ tokens, wordLength: 1, rank: 0 }, InvalidArgumentError, "rank is 0"],
  ])("refuses %j", (options, Class, message) => {
    expect(() => fitSpectral(options)).toThrow(Class);
    expect(() => fitSpectral(options)).toThrow("fitSpectral: ");
    expect(() => fitSpectral(options)).toThrow(message);
  });
});
