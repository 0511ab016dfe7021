import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { logWordProbability } from "../belief/probability.ts";
import { sampleSequences } from "../belief/sample.ts";
import { InvalidArgumentError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey } from "../random/key.ts";
import { hmmAndWord, separated } from "./_testing/instances.ts";
import { jointTable } from "./_testing/joint-table.ts";
import { viterbi } from "./viterbi.ts";

describe("viterbi", () => {
  test.prop([hmmAndWord], { numRuns: 100 })("is the largest entry of the table of all hidden paths", (instance) => {
    const { process, tokens } = instance;
    const table = jointTable(process, tokens);
    const best = table.reduce((most, path) => (path.probability > most.probability ? path : most));
    const { states, logProbability } = viterbi(process, tokens);
    expect(logProbability).toBeCloseTo(Math.log(best.probability), 11);
    const own = table.find((path) => path.states.every((state, t) => state === states[t]));
    expect(own?.probability).toBeCloseTo(best.probability, 14);
  });

  test("ties go to the lowest last state, then to the lowest before it", () => {
    const even = [
      [0.25, 0.25],
      [0.25, 0.25],
    ];
    const process = createHmm({ operators: [even, even] });
    expect(viterbi(process, [0, 1, 0]).states).toEqual(new Int32Array(4));
  });

  test("10^6 tokens: log-space, below the word's probability", () => {
    const process = mess3({ x: 0.05, a: 0.85 });
    const { tokens } = sampleSequences(process, { count: 1, length: 1_000_000, key: createKey(2) });
    const { states, logProbability } = viterbi(process, tokens);
    expect(logProbability).toBeGreaterThan(-2e6);
    expect(logProbability).toBeLessThan(logWordProbability(process, tokens));
    // the path has the probability that is claimed
    const log = process.alphabet.map((_, x) => process.operator(x).map(Math.log));
    let sum = Math.log(1 / 3);
    tokens.forEach((token, t) => {
      sum += log[token]?.[(states[t] ?? 0) * 3 + (states[t + 1] ?? 0)] ?? Number.NaN;
    });
    expect(sum).toBeCloseTo(logProbability, 5);
  });

  test("a token of conditional probability 1e-12 is impossible, as for every filter", () => {
    const rare = createHmm({ operators: [[[1 - 1e-13]], [[1e-13]]] });
    expect(() => viterbi(rare, [0, 1])).toThrow(ZeroProbabilityError);
    expect(logWordProbability(rare, [0, 1])).toBe(Number.NEGATIVE_INFINITY);
  });

  test("a single hidden path has the probability of the word", () => {
    const process = goldenMean({ p: 0.3 });
    const word = [0, 1, 0, 0, 1, 0];
    const { states, logProbability } = viterbi(process, word);
    // after a 1 the process is in its second state, otherwise in its first
    expect(Array.from(states.subarray(1))).toEqual([0, 1, 0, 0, 1, 0]);
    expect(logProbability).toBeLessThanOrEqual(logWordProbability(process, word));
  });

  test("the empty word has the most likely initial state", () => {
    const process = createHmm({
      operators: [
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      ],
      initial: [0.25, 0.75],
    });
    expect(viterbi(process, [])).toEqual({ states: Int32Array.of(1), logProbability: Math.log(0.75) });
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 3 })("signed processes are refused", ({ ghmm }) => {
    expect(() => viterbi(ghmm, [0])).toThrow(UnsupportedError);
  });

  test("bad input", () => {
    expect(() => viterbi(separated, [3])).toThrow(InvalidArgumentError);
    expect(() => viterbi(separated, [0, 2])).toThrow(ZeroProbabilityError);
    expect(() => viterbi(separated, [0, 2])).toThrow('viterbi: token 2 ("2") at position 1');
  });
});
