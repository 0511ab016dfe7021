import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { sampleSequences } from "../belief/sample.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { createKey } from "../random/key.ts";
import { randomHmm, separated } from "./_testing/instances.ts";
import { expectedTransitions } from "./expected-transitions.ts";
import { type BaumWelchOptions, fitBaumWelch } from "./fit-baum-welch.ts";
import { logLikelihoods } from "./ragged.ts";

const key = createKey(11);

/** Row sums of the net operator, and every probability within [0, 1]. */
function expectHmm(process: Process): void {
  const { stateDim: d } = process;
  for (let s = 0; s < d; s++) {
    let sum = 0;
    for (let x = 0; x < process.alphabet.length; x++) {
      for (const value of process.operator(x).subarray(s * d, (s + 1) * d)) {
        expect(value).toBeGreaterThanOrEqual(0);
        sum += value;
      }
    }
    expect(sum).toBeCloseTo(1, 12);
  }
  expect(process.initial.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
}

const data = fc.array(fc.array(fc.nat(2), { maxLength: 12 }), { minLength: 1, maxLength: 4 }).map((sequences) => ({
  tokens: [0, ...sequences.flat()],
  lengths: sequences.map((sequence, i) => sequence.length + (i === 0 ? 1 : 0)),
}));

/** HMMs whose words tell something about their states, so that an iteration gains. */
const informative = hmm({ maxStates: 3, stationary: false }).filter(
  ({ alphabet, stateDim }) => alphabet.length > 1 && stateDim > 1,
);

describe("fitBaumWelch", () => {
  test.prop([data, fc.nat(), fc.constantFrom(0, 0.5)], { numRuns: 60 })(
    "the trace never decreases, and the result is an HMM with the likelihood that is claimed",
    (batch, seed, pseudocount) => {
      const options = {
        ...batch,
        states: 3,
        alphabet: 3,
        key: createKey(seed),
        restarts: 2,
        maxIterations: 15,
        pseudocount,
      };
      const fitted = fitBaumWelch(options);
      expectHmm(fitted.process);
      for (let i = 1; i < fitted.trace.length; i++) {
        expect(fitted.trace[i]).toBeGreaterThanOrEqual(fitted.trace[i - 1] ?? Number.NaN);
      }
      expect(fitted.trace.length).toBe(fitted.iterations + 1);
      const total = logLikelihoods(fitted.process, batch).reduce((a, b) => a + b, 0);
      expect(fitted.logLikelihood).toBeCloseTo(total, 9);
      if (pseudocount === 0) expect(fitted.trace.at(-1)).toBe(fitted.logLikelihood);
    },
  );

  test.prop([informative, fc.nat()], { numRuns: 20 })(
    "one iteration sets every row to its share of the expected transitions",
    (initial, seed) => {
      const { tokens } = sampleSequences(initial, { count: 1, length: 30, key: createKey(seed) });
      const batch = { tokens, lengths: [10, 20] };
      const { process, trace } = fitBaumWelch({ ...batch, initial, maxIterations: 1, tolerance: 0 });
      expect(trace.length).toBe(2);
      const { transitions, starts } = expectedTransitions(initial, batch);
      const d = initial.stateDim;
      for (let s = 0; s < d; s++) {
        const visits = transitions.reduce((sum, n, i) => (Math.floor(i / d) % d === s ? sum + n : sum), 0);
        initial.alphabet.forEach((_, x) => {
          const row = process.operator(x).subarray(s * d, (s + 1) * d);
          row.forEach((value, next) => {
            expect(value).toBeCloseTo((transitions[(x * d + s) * d + next] ?? 0) / visits, 12);
          });
        });
        expect(process.initial[s]).toBeCloseTo((starts[s] ?? 0) / 2, 12);
      }
    },
  );

  test("recovers a process from samples: word probabilities within their standard errors", () => {
    const truth = randomHmm(2, 2, 6);
    const [count, length] = [4000, 5];
    const { tokens } = sampleSequences(truth, { count, length, key });
    const lengths = new Int32Array(count).fill(length);
    const fitted = fitBaumWelch({ tokens, lengths, states: 2, key, restarts: 3 });
    expect(fitted.converged).toBe(true);
    expect(fitted.logLikelihood).toBeGreaterThan(logLikelihoods(truth, { tokens, lengths }).reduce((a, b) => a + b, 0));
    for (let code = 0; code < 8; code++) {
      const word = [code >> 2, (code >> 1) & 1, code & 1];
      const expected = wordProbability(truth, word);
      const standardError = Math.sqrt((expected * (1 - expected)) / count);
      expect(Math.abs(wordProbability(fitted.process, word) - expected)).toBeLessThan(4 * standardError);
    }
  });

  test("all restarts are returned, the best is chosen, and a key repeats them", () => {
    const { tokens } = sampleSequences(randomHmm(3, 3, 1), { count: 1, length: 300, key });
    const options = { tokens, states: 3, key, restarts: 4, maxIterations: 20 };
    const fitted = fitBaumWelch(options);
    const likelihoods = fitted.restarts.map((run) => run.logLikelihood);
    expect(likelihoods.length).toBe(4);
    expect(new Set(likelihoods).size).toBe(4);
    expect(fitted.logLikelihood).toBe(Math.max(...likelihoods));
    expect(fitBaumWelch(options).trace).toEqual(fitted.trace);
    expect(fitBaumWelch({ ...options, restarts: 2 }).restarts).toEqual(fitted.restarts.slice(0, 2));
  });

  test("a run that stops at the limit says that it has not converged", () => {
    const { tokens } = sampleSequences(randomHmm(3, 3, 1), { count: 1, length: 300, key });
    const short = fitBaumWelch({ tokens, states: 3, key, restarts: 1, maxIterations: 3, tolerance: 0 });
    expect(short).toMatchObject({ converged: false, iterations: 3 });
    const long = fitBaumWelch({ tokens, states: 3, key, restarts: 1, tolerance: 1e-5 });
    expect(long.converged).toBe(true);
    const last = (long.trace.at(-1) ?? 0) - (long.trace.at(-2) ?? 0);
    expect(last).toBeLessThanOrEqual(1e-5 * 300);
  });

  test("a state that is never visited keeps its row and is reported", () => {
    const initial = createHmm({
      operators: [
        [
          [0.5, 0],
          [0.3, 0.2],
        ],
        [
          [0.5, 0],
          [0.1, 0.4],
        ],
      ],
      initial: [1, 0],
    });
    const fitted = fitBaumWelch({ tokens: [0, 0, 1, 0], initial });
    expect(fitted.deadStates).toEqual([1]);
    expect(fitted.process.operator(0)).toEqual(Float64Array.of(0.75, 0, 0.3, 0.2));
    expect(fitted.process.operator(1)).toEqual(Float64Array.of(0.25, 0, 0.1, 0.4));
    const smoothed = fitBaumWelch({ tokens: [0, 0, 1, 0], initial, pseudocount: 1 });
    expectHmm(smoothed.process);
    expect(smoothed.process.operator(0).every((value) => value > 0)).toBe(true);
  });

  test.each([
    ["one token", { tokens: [0], states: 3 }],
    ["one token value", { tokens: new Array(50).fill(2), states: 2 }],
    ["sequences of one token", { tokens: [0, 1, 0], lengths: [1, 1, 1], states: 2 }],
    ["empty sequences", { tokens: [0, 1], lengths: [0, 2, 0], states: 4 }],
    ["one state", { tokens: [0, 1, 1], states: 1 }],
    ["more states than tokens", { tokens: [0, 1, 1, 0], states: 9 }],
  ])("degenerate evidence: %s", (_, options) => {
    const fitted = fitBaumWelch({ ...options, key, restarts: 2, maxIterations: 200 });
    expectHmm(fitted.process);
    expect(fitted.logLikelihood).toBeLessThanOrEqual(1e-12);
  });

  test.each([1e-100, 1e-12, 1e12, 1e100])(
    "pseudocounts of %d: every step is a number, and none decreases",
    (pseudocount) => {
      const fitted = fitBaumWelch({ tokens: [0, 1, 0, 0], initial: goldenMean(), pseudocount });
      expectHmm(fitted.process);
      expect(fitted.trace[0]).toBe(Number.NEGATIVE_INFINITY); // two ones in a row have probability 0
      for (let i = 1; i < fitted.trace.length; i++) {
        expect(fitted.trace[i]).toBeGreaterThanOrEqual(fitted.trace[i - 1] ?? 0);
        expect(Number.isFinite(fitted.trace[i])).toBe(true);
      }
    },
  );

  test("names of tokens", () => {
    const options = { tokens: [0, 1], states: 1, key };
    expect(fitBaumWelch(options).process.alphabet).toEqual(["0", "1"]);
    expect(fitBaumWelch({ ...options, alphabet: 3 }).process.alphabet).toEqual(["0", "1", "2"]);
    expect(fitBaumWelch({ ...options, alphabet: ["a", "b"] }).process.alphabet).toEqual(["a", "b"]);
  });

  const base: BaumWelchOptions = { tokens: [0, 1, 0], states: 2, key };
  const without: BaumWelchOptions = { tokens: [0, 1, 0], states: 2 };
  test.each<readonly [BaumWelchOptions, new (...args: never[]) => Error, string]>([
    [{ ...base, tokens: [] }, InvalidArgumentError, "there are no tokens"],
    [{ ...base, tokens: [0, Number.NaN] }, InvalidArgumentError, "the token at position 1 is NaN"],
    [{ ...base, tokens: [0, -1] }, InvalidArgumentError, "the token at position 1 is -1"],
    [{ ...base, tokens: [0, 1 / 0] }, InvalidArgumentError, "alphabet is Infinity"],
    [{ ...base, alphabet: 1 }, InvalidArgumentError, "the token at position 1 is 1"],
    [{ ...base, alphabet: [] }, InvalidArgumentError, "alphabet.length is 0"],
    [{ ...base, alphabet: ["a", "a"] }, InvalidArgumentError, 'alphabet[1] is "a"'],
    [{ ...base, lengths: [1, 1] }, ShapeError, "3 tokens for lengths that sum to 2"],
    [{ ...base, states: 0 }, InvalidArgumentError, "states is 0"],
    [{ tokens: [0], key }, InvalidArgumentError, "states is NaN"],
    [{ ...base, restarts: 0 }, InvalidArgumentError, "restarts is 0"],
    [{ ...base, maxIterations: 0.5 }, InvalidArgumentError, "maxIterations is 0.5"],
    [{ ...base, tolerance: -1 }, InvalidArgumentError, "tolerance is -1"],
    [{ ...base, tolerance: Number.NaN }, InvalidArgumentError, "tolerance is NaN"],
    [{ ...base, pseudocount: 1 / 0 }, InvalidArgumentError, "pseudocount is Infinity"],
    [{ ...base, pseudocount: Number.MAX_VALUE }, InvalidArgumentError, "pseudocount is 1.7976931348623157e+308"],
    [{ ...base, pseudocount: 5e-324 }, InvalidArgumentError, "pseudocount is 5e-324"],
    [{ ...base, states: 4096, alphabet: 5 }, UnsupportedError, "4096 states and 5 tokens make 83886080 parameters"],
    [without, InvalidArgumentError, "key is undefined"],
    [{ ...without, initial: goldenMean(), restarts: 2 }, InvalidArgumentError, "key is undefined"],
    [{ ...base, key: [0, 0.5] }, InvalidArgumentError, "key[1] is 0.5"],
    [{ ...base, states: 3, initial: goldenMean() }, InvalidArgumentError, "states is 3 and initial has 2"],
    [{ tokens: [0, 1, 1], initial: goldenMean() }, ZeroProbabilityError, 'token 1 ("1") at position 2 of sequence 0'],
    [{ tokens: [0, 0, 2], lengths: [1, 2], initial: separated }, ZeroProbabilityError, "position 1 of sequence 1"],
  ])("refuses %j", (options, Class, message) => {
    expect(() => fitBaumWelch(options)).toThrow(Class);
    expect(() => fitBaumWelch(options)).toThrow(`fitBaumWelch: `);
    expect(() => fitBaumWelch(options)).toThrow(message);
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 3 })("a signed start is refused", ({ ghmm }) => {
    expect(() => fitBaumWelch({ tokens: [0], initial: ghmm })).toThrow(UnsupportedError);
  });
});
