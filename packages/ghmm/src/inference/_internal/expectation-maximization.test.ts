import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createKey } from "../../random/key.ts";
import { randomModel, runExpectationMaximization } from "./expectation-maximization.ts";
import { readBatch } from "./read-tokens.ts";

const process = { alphabet: ["0", "1", "2"] };
const options = { maxIterations: 30, tolerance: 1e-9, pseudocount: 0 };

describe("randomModel", () => {
  test.prop([fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.nat()])(
    "has rows that sum to one",
    (d, v, seed) => {
      const { transitions, initial } = randomModel(d, v, createKey(seed));
      for (let s = 0; s < d; s++) {
        const row = transitions.filter((_, i) => Math.floor(i / d) % d === s);
        expect(row.every((value) => value > 0)).toBe(true);
        expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      }
      expect(initial.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    },
  );
});

describe("runExpectationMaximization", () => {
  test.prop([fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }), fc.nat(), fc.constantFrom(0, 0.1)], { numRuns: 40 })(
    "raises its objective, and starts from the model that it was given",
    (tokens, seed, pseudocount) => {
      const start = randomModel(3, 3, createKey(seed));
      const batch = readBatch("f", process, { tokens });
      const run = runExpectationMaximization("f", start, batch, { ...options, pseudocount });
      if ("sequence" in run) throw new Error("random models emit everything");
      const again = runExpectationMaximization("f", start, batch, { ...options, pseudocount, maxIterations: 1 });
      if ("sequence" in again) throw new Error("random models emit everything");
      expect(run.trace.subarray(0, 2)).toEqual(again.trace.subarray(0, 2));
      run.trace.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(run.trace[i - 1] ?? Number.NEGATIVE_INFINITY);
      });
      // the run did not stop because an iteration lost more than rounding
      expect(run.converged || run.trace.length === options.maxIterations + 1).toBe(true);
    },
  );

  test("one state: the token frequencies, after one iteration", () => {
    const batch = readBatch("f", process, { tokens: [0, 1, 1, 0, 1] });
    const run = runExpectationMaximization("f", randomModel(1, 3, createKey(0)), batch, options);
    if ("sequence" in run) throw new Error("one state emits everything");
    expect(run).toMatchObject({ converged: true, deadStates: [] });
    [0.4, 0.6, 0].forEach((frequency, x) => {
      expect(run.model.transitions[x]).toBeCloseTo(frequency, 14);
    });
  });

  test("tells where the model cannot emit the data", () => {
    const model = { stateDim: 1, tokens: 3, initial: Float64Array.of(1), transitions: Float64Array.of(0.5, 0.5, 0) };
    const batch = readBatch("f", process, { tokens: [0, 1, 2], lengths: [1, 2] });
    expect(runExpectationMaximization("f", model, batch, options)).toEqual({ sequence: 1, position: 1 });
  });
});
