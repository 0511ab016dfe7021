import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, nonErgodicHmm, periodicHmm } from "../../arbitraries/index.ts";
import { vectorTimesMatrix } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";
import { stationaryState } from "../../process/stationary.ts";
import { netOperator } from "../../process/validate.ts";
import { isStationary, stationaryPart } from "./stationary-part.ts";

function expectClose(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(tolerance);
  });
}

/** `(1/N) sum_{t<N} eta0 T^t`. */
function average(process: Process, steps: number): Float64Array {
  const d = process.stateDim;
  const net = netOperator(
    process.alphabet.map((_, x) => process.operator(x)),
    d,
  );
  const sum = new Float64Array(d);
  let state = process.initial.slice();
  for (let t = 0; t < steps; t++) {
    state.forEach((value, s) => {
      sum[s] = (sum[s] ?? 0) + value / steps;
    });
    const next = new Float64Array(d);
    vectorTimesMatrix(state, net, d, next);
    state = next;
  }
  return sum;
}

const inState = (process: Process, state: number): Process => ({
  ...process,
  initial: process.initial.map((_, s) => (s === state ? 1 : 0)),
});

describe("stationaryPart", () => {
  test.prop([hmm({ stationary: false })])("of an ergodic process is its stationary state", (process) => {
    expectClose(stationaryPart("test", process), stationaryState(process), 1e-10);
  });

  test.prop([periodicHmm()], { numRuns: 20 })("is a time average where there is no limit", ({ process }) => {
    expectClose(stationaryPart("test", inState(process, 0)), average(inState(process, 0), 4000), 0.01);
  });

  test.prop([nonErgodicHmm()], { numRuns: 20 })("stays in the component of the start", ({ process, components }) => {
    const found = stationaryPart("test", inState(process, 0));
    const [first] = components;
    if (first === undefined) throw new Error("a mixture has components");
    const expected = new Float64Array(process.stateDim);
    expected.set(stationaryState(first));
    expectClose(found, expected, 1e-10);
    expect(stationaryPart("test", process)).toBe(process.initial);
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 20 })("of a signed process", ({ ghmm, condition }) => {
    const moved = { ...ghmm, initial: ghmm.operator(0).subarray(0, ghmm.stateDim).slice() };
    const norm = moved.initial.reduce((sum, v, s) => sum + v * (ghmm.normalizer[s] ?? 0), 0);
    if (Math.abs(norm) < 0.01) return;
    const scaled = { ...moved, initial: moved.initial.map((v) => v / norm) };
    expectClose(stationaryPart("test", scaled), stationaryState(ghmm), 1e-9 * condition ** 2);
  });
});

describe("isStationary", () => {
  test.prop([hmm()])("of what starts in the stationary state, and of nothing else", (process) => {
    expect(isStationary(process)).toBe(true);
    const pi = process.initial[0] ?? 1;
    if (pi < 0.99) expect(isStationary(inState(process, 0))).toBe(false);
  });
});
