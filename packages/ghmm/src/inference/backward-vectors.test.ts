import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, word } from "../arbitraries/index.ts";
import { logWordProbability, wordProbability } from "../belief/probability.ts";
import { sampleSequences } from "../belief/sample.ts";
import { beliefState } from "../belief/update.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { InvalidArgumentError, ZeroProbabilityError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey } from "../random/key.ts";
import { separated } from "./_testing/instances.ts";
import { backwardVectors } from "./backward-vectors.ts";

const signedAndWord = gaugeTransformed({ maxStates: 3 }).chain((pair) =>
  word(pair.ghmm, 6).map((tokens) => ({ ...pair, tokens })),
);

describe("backwardVectors", () => {
  test.prop([signedAndWord], { numRuns: 60 })(
    "a belief times its vector is P(rest | belief), with signs too",
    (instance) => {
      const { hmm, ghmm, tokens, condition } = instance;
      for (const process of [hmm, ghmm]) {
        const { vectors, logScales, length, stateDim: d } = backwardVectors(process, tokens);
        expect(length).toBe(tokens.length);
        const whole = wordProbability(hmm, tokens);
        for (let t = 0; t <= length; t++) {
          const vector = vectors.subarray(t * d, (t + 1) * d);
          const rest = dot(beliefState(process, tokens.slice(0, t)), vector) * Math.exp(logScales[t] ?? Number.NaN);
          const expected = whole / wordProbability(hmm, tokens.slice(0, t));
          expect(Math.abs(rest - expected)).toBeLessThan(1e-12 * condition ** 2);
          expect(vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeCloseTo(1, 14);
        }
      }
    },
  );

  test("10^6 tokens, signed", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const ghmm = changeBasis(process, [
      [2, 1, 0],
      [0, 1, -1],
      [1, 0, 1],
    ]);
    const { tokens } = sampleSequences(process, { count: 1, length: 1_000_000, key: createKey(1) });
    const { vectors, logScales } = backwardVectors(ghmm, tokens);
    const logProbability = Math.log(dot(ghmm.initial, vectors.subarray(0, 3))) + (logScales[0] ?? Number.NaN);
    expect(logProbability).toBeCloseTo(logWordProbability(process, tokens), 4);
  });

  test("the empty word has the normalizer", () => {
    expect(Array.from(backwardVectors(goldenMean(), []).vectors)).toEqual([1, 1]);
  });

  test("bad input", () => {
    expect(() => backwardVectors(separated, [5])).toThrow(InvalidArgumentError);
    expect(() => backwardVectors(separated, [0, 2, 1])).toThrow(ZeroProbabilityError);
    expect(() => backwardVectors(separated, [0, 2, 1])).toThrow(
      "backwardVectors: no state can emit the tokens from position 1 on",
    );
  });
});
