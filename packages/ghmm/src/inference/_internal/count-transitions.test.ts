import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmmAndSequences, ragged, separated } from "../_testing/instances.ts";
import { countTransitions, smoothingSpace } from "./count-transitions.ts";
import { hiddenMarkov } from "./hidden-markov.ts";
import { readBatch } from "./read-tokens.ts";

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

describe("countTransitions", () => {
  test.prop([hmmAndSequences], { numRuns: 60 })("counts every token and every start once", ({ process, sequences }) => {
    const batch = readBatch("f", process, ragged(sequences));
    const counted = countTransitions("f", hiddenMarkov("f", process), batch, 0);
    if ("sequence" in counted) throw new Error("all words are possible");
    const { stateDim: d } = process;
    process.alphabet.forEach((_, x) => {
      const times = batch.tokens.filter((token) => token === x).length;
      expect(total(counted.transitions.subarray(x * d * d, (x + 1) * d * d))).toBeCloseTo(times, 11);
    });
    expect(total(counted.starts)).toBeCloseTo(sequences.length, 12);
  });

  test.prop([hmmAndSequences], { numRuns: 40 })(
    "what an earlier batch left in the space does not matter",
    (instance) => {
      const { process, sequences } = instance;
      const model = hiddenMarkov("f", process);
      const batch = readBatch("f", process, ragged(sequences));
      const space = smoothingSpace("f", process.stateDim, Int32Array.of(10));
      space.beliefs.fill(Number.NaN);
      space.probabilities.fill(Number.NaN);
      expect(countTransitions("f", model, batch, 0, space)).toEqual(countTransitions("f", model, batch, 0));
    },
  );

  test("a state that a transition leaves is counted before the one it enters", () => {
    const batch = readBatch("f", separated, { tokens: [0, 1], lengths: [2] });
    const counted = countTransitions("f", hiddenMarkov("f", separated), batch, 0);
    // token 0 leaves state 0 only, token 1 leaves state 1 only: 0 -> 1 with token 0, then 1 -> 0 or 1 with token 1
    expect(counted).toMatchObject({ starts: Float64Array.of(1, 0) });
    if ("sequence" in counted) throw new Error("the word is possible");
    expect(Array.from(counted.transitions.subarray(0, 4))).toEqual([0, 1, 0, 0]);
    expect(Array.from(counted.transitions.subarray(4, 8))).toEqual([0, 0, 0.25, 0.75]);
  });

  test("the first impossible sequence", () => {
    const batch = readBatch("f", separated, { tokens: [0, 0, 1, 2, 2], lengths: [1, 0, 3, 1] });
    expect(countTransitions("f", hiddenMarkov("f", separated), batch, 0)).toEqual({ sequence: 2, position: 2 });
  });
});

describe("smoothingSpace", () => {
  test("has room for the longest sequence, and for none", () => {
    expect(smoothingSpace("f", 3, Int32Array.of(2, 5, 0)).beliefs.length).toBe(18);
    expect(smoothingSpace("f", 3, new Int32Array(0)).probabilities.length).toBe(0);
  });
});
