import fc from "fast-check";
import { expect } from "vitest";
import { gaugeTransformed, hmm, nonErgodicHmm, periodicHmm, sparseHmm } from "../../arbitraries/index.ts";
import { tensorProduct } from "../../compose/tensor-product.ts";
import type { Process } from "../../process/process.ts";
import { createKey } from "../../random/key.ts";
import { filterByStep } from "../filter-kernel.ts";
import type { FilterWork } from "../filter-work.ts";
import { sampleSequences } from "../sample.ts";
import { readBelief } from "../token.ts";

/** Processes of every storage and sign, some with more states than a table of entries holds. */
export const anyProcess: fc.Arbitrary<Process> = fc.oneof(
  hmm({ maxStates: 7, maxTokens: 4, stationary: false }),
  gaugeTransformed({ maxStates: 6 }).map(({ ghmm }) => ghmm),
  sparseHmm({ maxStates: 7 }),
  periodicHmm().map(({ process }) => process),
  nonErgodicHmm().map(({ process }) => process),
  fc.tuple(hmm({ maxTokens: 2 }), sparseHmm({ maxStates: 3 })).map(([a, c]) => tensorProduct(a, c)),
);

/** What a kernel is given to filter: words of the process, and empty arrays for the result. */
export function workFor(process: Process, count: number, length: number): FilterWork {
  const { tokens } = sampleSequences(process, { count, length, key: createKey(1) });
  return emptyWork(process, tokens, count, length);
}

export function emptyWork(process: Process, tokens: Int32Array, count: number, length: number): FilterWork {
  return {
    tokens,
    count,
    length,
    initial: readBelief("test", process, process.initial),
    beliefs: new Float64Array(count * (length + 1) * process.stateDim),
    probabilities: new Float64Array(count * length),
  };
}

/** The largest difference, relative to entries above 1. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => {
    const difference = Math.abs(value - (b[i] ?? Number.NaN)) / Math.max(1, Math.abs(value));
    return Math.max(difference, most);
  }, 0);
}

/** Expects the work to hold what the method `step` gives. */
export function expectSteps(process: Process, work: FilterWork): void {
  const steps = emptyWork(process, work.tokens, work.count, work.length);
  expect(filterByStep(process, steps)).toBeUndefined();
  expect(largestDifference(steps.beliefs, work.beliefs)).toBeLessThan(1e-12);
  expect(largestDifference(steps.probabilities, work.probabilities)).toBeLessThan(1e-12);
}
