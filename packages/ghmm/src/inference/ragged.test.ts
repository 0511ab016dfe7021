import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, word } from "../arbitraries/index.ts";
import { filterBeliefs } from "../belief/filter.ts";
import { logWordProbability } from "../belief/probability.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { hmmAndSequences, ragged } from "./_testing/instances.ts";
import { filterRagged, logLikelihoods } from "./ragged.ts";

const signed = gaugeTransformed({ maxStates: 3 }).chain(({ ghmm }) =>
  fc.array(word(ghmm, 4), { maxLength: 3 }).map((sequences) => ({ process: ghmm, sequences })),
);

describe("filterRagged", () => {
  test.prop([fc.oneof(hmmAndSequences, signed)])("is filterBeliefs of each sequence", ({ process, sequences }) => {
    const {
      beliefs,
      probabilities,
      rows,
      logLikelihoods: logs,
      stateDim: d,
    } = filterRagged(process, ragged(sequences));
    expect(d).toBe(process.stateDim);
    let start = 0;
    sequences.forEach((tokens, i) => {
      const alone = filterBeliefs(process, { tokens, count: 1, length: tokens.length });
      const row = rows[i] ?? Number.NaN;
      expect(row).toBe(start + i);
      alone.beliefs.forEach((value, k) => {
        expect(beliefs[row * d + k]).toBeCloseTo(value, 12);
      });
      alone.probabilities.forEach((value, k) => {
        expect(probabilities[start + k]).toBeCloseTo(value, 12);
      });
      expect(logs[i]).toBeCloseTo(logWordProbability(process, tokens), 11);
      start += tokens.length;
    });
    expect(beliefs.length).toBe((start + sequences.length) * d);
    expect(probabilities.length).toBe(start);
  });

  test("an impossible sequence is named with its position", () => {
    const call = () => filterRagged(goldenMean(), { tokens: [0, 0, 1, 1, 0], lengths: [1, 4] });
    expect(call).toThrow(ZeroProbabilityError);
    expect(call).toThrow("at position 2 of sequence 1 has");
  });
});

describe("logLikelihoods", () => {
  test.prop([fc.oneof(hmmAndSequences, signed)])("is logWordProbability of each sequence", ({ process, sequences }) => {
    const logs = logLikelihoods(process, ragged(sequences));
    expect(logs.length).toBe(sequences.length);
    sequences.forEach((tokens, i) => {
      expect(logs[i]).toBeCloseTo(logWordProbability(process, tokens), 11);
    });
  });

  test("an impossible sequence has -Infinity, and the next one starts afresh", () => {
    const logs = logLikelihoods(goldenMean(), { tokens: [1, 1, 1, 0, 0], lengths: [3, 0, 2] });
    expect(logs[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(logs[1]).toBe(0);
    expect(logs[2]).toBeCloseTo(logWordProbability(goldenMean(), [0, 0]), 14);
  });
});

describe.each([
  ["filterRagged", filterRagged],
  ["logLikelihoods", logLikelihoods],
])("%s, bad input", (name, call) => {
  test.each([
    [{ tokens: [0, 1], lengths: [3] }, ShapeError, "2 tokens for lengths that sum to 3"],
    [{ tokens: [0, 1], lengths: [2, 1] }, ShapeError, "2 tokens for lengths that sum to 3"],
    [{ tokens: [0, 1], lengths: [3, -1] }, InvalidArgumentError, "lengths[1] is -1"],
    [{ tokens: [0, 1], lengths: [0.5, 1.5] }, InvalidArgumentError, "lengths[0] is 0.5"],
    [{ tokens: [0], lengths: [Number.NaN] }, InvalidArgumentError, "lengths[0] is NaN"],
    [{ tokens: [0, 2], lengths: [2] }, InvalidArgumentError, "the token at position 1 is 2"],
    [{ tokens: [Number.NaN], lengths: [1] }, InvalidArgumentError, "the token at position 0 is NaN"],
  ])("refuses %j", (batch, Class, message) => {
    expect(() => call(goldenMean(), batch)).toThrow(Class);
    expect(() => call(goldenMean(), batch)).toThrow(`${name}: ${message}`);
  });

  test("memory is capped", () => {
    const tokens = { length: 2 ** 36 } as ArrayLike<number>;
    expect(() => call(goldenMean(), { tokens, lengths: new Array(64).fill(2 ** 30) })).toThrow(UnsupportedError);
  });
});
