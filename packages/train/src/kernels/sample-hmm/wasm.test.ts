import { createHmm, createKey, mess3, type Process, rrxor } from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareKernel, integers, noise, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";
import { type SampledRange, samplerCall } from "./_testing/sampled-batch.ts";

/** The reference draws what `sampleSequences` draws (reference.test.ts); here the module must draw the same. */
function compare(process: Process, range: SampledRange): void {
  const { buffers, numbers } = samplerCall(process, range);
  const size = range.batch * range.length;
  const inputs = Object.entries(buffers).map(([name, values]) => [name, integers(values)] as const);
  compareKernel("sample_hmm", {
    ...Object.fromEntries(inputs),
    tokens: integers(new Int32Array(size)),
    targets: integers(new Int32Array(size)),
    weights: zeros(size),
    ...numbers,
  });
}

const ranges = fc.record({
  key: fc.nat({ max: Number.MAX_SAFE_INTEGER }).map(createKey),
  firstIndex: fc.oneof(fc.nat({ max: 99 }), fc.integer({ min: 2 ** 32 - 99, max: 2 ** 32 - 1 })),
  first: fc.nat({ max: 99 }),
  batch: fc.integer({ min: 1, max: 5 }),
  length: fc.integer({ min: 1, max: 13 }),
  bos: fc.constantFrom(-1, 0, 7),
});

/** A hidden Markov model with rows of states * tokens outcomes, of very different probabilities. */
function wide(states: number, tokens: number): Process {
  const weights = noise(5, states * tokens * states).map((u) => (u + 1) ** 6);
  const rows = Array.from({ length: states }, (_, s) => {
    const row = weights.slice(s * tokens * states, (s + 1) * tokens * states);
    const total = row.reduce((sum, value) => sum + value, 0);
    return row.map((value) => value / total);
  });
  return createHmm({
    operators: Array.from({ length: tokens }, (_, x) => rows.map((row) => row.slice(x * states, (x + 1) * states))),
  });
}

describe("sample hmm (wasm)", () => {
  test("equals the reference for random hidden Markov models", () => {
    fc.assert(fc.property(hmm({ maxStates: 5, maxTokens: 5, stationary: false }), ranges, compare), { numRuns: 60 });
  });

  test.each([
    ["mess3", mess3({ x: 0.15, a: 0.6 })],
    ["rrxor, with impossible transitions", rrxor()],
    ["rows of 91 outcomes, found by bisection", wide(7, 13)],
  ])("equals the reference for %s", (_, process) => {
    fc.assert(
      fc.property(ranges, (range) => compare(process, range)),
      { numRuns: 30 },
    );
  });

  test("the comparison is exact for integers", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const range = { key: createKey(1), firstIndex: 0, first: 0, batch: 1, length: 4, bos: -1 };
    const { buffers, numbers } = samplerCall(process, range);
    const run = () =>
      compareKernel("sample_hmm", {
        ...Object.fromEntries(Object.entries(buffers).map(([name, values]) => [name, integers(values)] as const)),
        // A number that an Int32Array cannot hold differs from what the module reads.
        source: integers([2 ** 32 - 1, 0, 0]),
        tokens: integers(new Int32Array(4)),
        targets: integers(new Int32Array(4)),
        weights: zeros(4),
        ...numbers,
      });
    expect(run).toThrow("source[0] = -1, reference 4294967295");
  });
});
