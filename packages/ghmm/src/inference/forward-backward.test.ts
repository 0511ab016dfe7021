import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { logWordProbability } from "../belief/probability.ts";
import { sampleSequences } from "../belief/sample.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey } from "../random/key.ts";
import { hmmAndWord, separated } from "./_testing/instances.ts";
import { jointTable, mass } from "./_testing/joint-table.ts";
import { forwardBackward } from "./forward-backward.ts";
import { hmmFromEmissions } from "./hmm-from-emissions.ts";

describe("forwardBackward", () => {
  // Golden 50 (dynamax, inference_test.py): the smoother against the joint table.
  test.prop([hmmAndWord], { numRuns: 60 })("equals the table of all hidden paths", ({ process, tokens }) => {
    const { stateDim: d } = process;
    const table = jointTable(process, tokens);
    const total = mass(table);
    const smoothed = forwardBackward(process, tokens, { withPairs: true });
    expect(smoothed).toMatchObject({ length: tokens.length, stateDim: d });
    expect(smoothed.logLikelihood).toBeCloseTo(Math.log(total), 11);
    for (let t = 0; t <= tokens.length; t++) {
      for (let s = 0; s < d; s++) {
        const posterior = mass(table, (states) => states[t] === s) / total;
        expect(smoothed.posteriors[t * d + s]).toBeCloseTo(posterior, 12);
        for (let next = 0; next < d && t < tokens.length; next++) {
          const pair = mass(table, (states) => states[t] === s && states[t + 1] === next) / total;
          expect(smoothed.pairs[(t * d + s) * d + next]).toBeCloseTo(pair, 12);
        }
      }
    }
  });

  test.prop([hmmAndWord], { numRuns: 30 })("filters as beliefState does, and agrees with it at the end", (instance) => {
    const { process, tokens } = instance;
    const { beliefs, posteriors } = forwardBackward(process, tokens);
    const last = tokens.length * process.stateDim;
    beliefState(process, tokens).forEach((value, s) => {
      expect(beliefs[last + s]).toBeCloseTo(value, 13);
      expect(posteriors[last + s]).toBeCloseTo(value, 13);
    });
  });

  // Golden 48 (hmmlearn, categorical model): the emitting state of token t is the state after it here.
  // The source's digits end at 1e-7: the exact first entry is 0.007788 / 0.033612 = 0.23170296.
  test("golden 48: posteriors", () => {
    const process = hmmFromEmissions({
      initial: [0.6, 0.4],
      transition: [
        [0.7, 0.3],
        [0.4, 0.6],
      ],
      emission: [
        [0.1, 0.4, 0.5],
        [0.6, 0.3, 0.1],
      ],
    });
    const { posteriors } = forwardBackward(process, [0, 1, 2]);
    const expected = [0.23170303, 0.76829697, 0.62406281, 0.37593719, 0.86397706, 0.13602294];
    expected.forEach((value, i) => {
      expect(posteriors[(1 + Math.floor(i / 2)) * 3 + (i % 2)]).toBeCloseTo(value, 6);
    });
  });

  test("10^6 tokens: no underflow, rows stay normalized", () => {
    const process = mess3({ x: 0.05, a: 0.85 });
    const { tokens } = sampleSequences(process, { count: 1, length: 1_000_000, key: createKey(3) });
    const { posteriors, logLikelihood } = forwardBackward(process, tokens);
    expect(logLikelihood).toBeCloseTo(logWordProbability(process, tokens), 5);
    let worst = 0;
    for (let i = 0; i < posteriors.length; i += 3) {
      worst = Math.max(worst, Math.abs((posteriors[i] ?? 0) + (posteriors[i + 1] ?? 0) + (posteriors[i + 2] ?? 0) - 1));
    }
    expect(worst).toBeLessThan(1e-14);
    // the middle does not depend on what is far away
    const part = forwardBackward(process, tokens.slice(499_500, 500_500));
    expect(posteriors[500_000 * 3]).toBeCloseTo(part.posteriors[500 * 3] ?? Number.NaN, 10);
  });

  test("a state that the filter has lost gives no NaN", () => {
    const process = createHmm({
      operators: [
        [
          [0.999, 0],
          [0, 0.001],
        ],
        [
          [0.001, 0],
          [0, 0.999],
        ],
      ],
      initial: [0.5, 0.5],
    });
    const { posteriors } = forwardBackward(process, new Uint8Array(500).fill(1, 200));
    expect(posteriors.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test("the empty word", () => {
    expect(forwardBackward(separated, [])).toMatchObject({ length: 0, logLikelihood: 0 });
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 3 })("signed processes are refused", ({ ghmm }) => {
    expect(() => forwardBackward(ghmm, [0])).toThrow(UnsupportedError);
    expect(() => forwardBackward(ghmm, [0])).toThrow(
      `forwardBackward: the certificate of the process is "similar-to-hmm"`,
    );
  });

  test("bad input", () => {
    expect(() => forwardBackward(separated, [0, 3])).toThrow(InvalidArgumentError);
    expect(() => forwardBackward(separated, [0, Number.NaN])).toThrow("the token at position 1 is NaN");
    expect(() => forwardBackward(separated, [0, 1, 2])).toThrow(ZeroProbabilityError);
    expect(() => forwardBackward(separated, [0, 1, 2])).toThrow("position 2");
  });
});
