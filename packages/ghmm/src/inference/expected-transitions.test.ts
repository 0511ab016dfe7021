import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
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
