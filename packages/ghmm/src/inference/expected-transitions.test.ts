import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import { hmmAndSequences, ragged, separated } from "./_testing/instances.ts";
import { jointTable, mass } from "./_testing/joint-table.ts";
import { expectedTransitions } from "./expected-transitions.ts";

describe("expectedTransitions", () => {
  test.prop([hmmAndSequences], { numRuns: 60 })("equals the sums over the tables of all hidden paths", (instance) => {
    const { process, sequences } = instance;
    const { stateDim: d } = process;
    const transitions = new Float64Array(process.alphabet.length * d * d);
    const starts = new Float64Array(d);
    const counted = expectedTransitions(process, ragged(sequences));
    sequences.forEach((tokens, i) => {
      const table = jointTable(process, tokens);
      const total = mass(table);
      expect(counted.logLikelihoods[i]).toBeCloseTo(Math.log(total), 11);
      for (const { states, probability } of table) {
        starts[states[0] ?? 0] = (starts[states[0] ?? 0] ?? 0) + probability / total;
        tokens.forEach((x, t) => {
          const at = (x * d + (states[t] ?? 0)) * d + (states[t + 1] ?? 0);
          transitions[at] = (transitions[at] ?? 0) + probability / total;
        });
      }
    });
    transitions.forEach((count, i) => {
      expect(counted.transitions[i]).toBeCloseTo(count, 11);
    });
    starts.forEach((count, s) => {
      expect(counted.starts[s]).toBeCloseTo(count, 11);
    });
  });

  // Golden 49 (pomegranate, tests/hmm/test_dense_hmm.py): two states with exponential densities over three numbers, start and end
  // probabilities. Token t stands for the t-th observation, token 5 for the end, token 6 for everything else.
  test.each([
    [-22.8266, [2.6353e-4, 0.14304, 0.88289, 2.9738], ["1,2,0", "0,0,1", "1,1,2", "2,2,2", "3,1,0"]],
    [-22.8068, [3.15e-6, 1.7522, 1.7522, 0.49559], ["5,1,4", "2,1,0", "1,0,2", "1,1,0", "0,2,1"]],
  ] as const)("golden 49: log-likelihood %d", (logLikelihood, expected, observations) => {
    const scales = [
      [2.1, 0.3, 0.1],
      [1.5, 3.1, 2.2],
    ];
    const frames = observations.map((observation) => {
      const numbers = observation.split(",").map(Number);
      return scales.map((scale) => scale.reduce((p, s, k) => (p * Math.exp(-(numbers[k] ?? 0) / s)) / s, 1));
    });
    const rest = [0, 1].map((z) => frames.reduce((left, frame) => left - (frame[z] ?? 0), 1));
    // rows: the two states, the start, the end
    const emit = (frame: readonly number[]) => [
      ...[
        [0.1, 0.8],
        [0.3, 0.6],
        [0.2, 0.8],
      ].map((row) => [...row.map((a, z) => a * (frame[z] ?? 0)), 0, 0]),
      [0, 0, 0, 0],
    ];
    const end = [
      [0, 0, 0, 0.1],
      [0, 0, 0, 0.1],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ];
    const process = createHmm({ operators: [...frames.map(emit), end, emit(rest)], initial: [0, 0, 1, 0] });
    const counted = expectedTransitions(process, { tokens: [0, 1, 2, 3, 4, 5], lengths: [6] });
    expect(counted.logLikelihoods[0]).toBeCloseTo(logLikelihood, 4);
    expected.forEach((count, i) => {
      const at = 4 * Math.floor(i / 2) + (i % 2);
      const sum = process.alphabet.reduce((total, _, x) => total + (counted.transitions[16 * x + at] ?? 0), 0);
      expect(sum).toBeCloseTo(count, 4);
    });
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 3 })("signed processes are refused", ({ ghmm }) => {
    expect(() => expectedTransitions(ghmm, { tokens: [0], lengths: [1] })).toThrow(UnsupportedError);
  });

  test.each([
    [{ tokens: [0], lengths: [2] }, ShapeError, "1 tokens for lengths that sum to 2"],
    [{ tokens: [7], lengths: [1] }, InvalidArgumentError, "the token at position 0 is 7"],
    [{ tokens: [0, 1, 2], lengths: [1, 2] }, ZeroProbabilityError, 'token 2 ("2") at position 1 of sequence 1 has'],
  ])("refuses %j", (batch, Class, message) => {
    expect(() => expectedTransitions(separated, batch)).toThrow(Class);
    expect(() => expectedTransitions(separated, batch)).toThrow(`expectedTransitions: ${message}`);
  });
});
