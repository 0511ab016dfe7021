import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, nonErgodicHmm, periodicHmm } from "../../arbitraries/index.ts";
import { vectorTimesMatrix } from "../../numeric/matrix.ts";
import { createHmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";
import { stationaryState } from "../../process/stationary.ts";
import { netOperator } from "../../process/validate.ts";
import { entropyRate } from "../entropy-rate.ts";
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

describe("of hidden states that are seldom left", () => {
  // two noisy states that change into each other, and a third one that is reached with probability e and left with e/3
  const rare = (e: number, initial: readonly number[]): Process =>
    createHmm({
      operators: [
        [
          [0.5 * (1 - e), 0.5 * (1 - e), e],
          [0, 0.5, 0],
          [(0.9 * e) / 3, 0, 0.9 * (1 - e / 3)],
        ],
        [
          [0, 0, 0],
          [0.5, 0, 0],
          [0, 0, 0.1],
        ],
      ],
      initial,
    });

  test.each([1e-3, 1e-7, 1e-9, 1e-10, 1e-11])("the long run is not that of one step: %d", (e) => {
    const process = rare(e, [0.5, 0.5, 0]);
    expect(isStationary(process)).toBe(false);
    // in balance, 0.9 e pi_2 / 3 + 0.5 pi_1 returns to state 0
    const [a = 0, b = 0, c = 0] = stationaryPart("test", process);
    expect(a + b + c).toBeCloseTo(1, 13);
    expect(Math.abs(a * e - (c * 0.9 * e) / 3) / e).toBeLessThan(1e-13);
    expect(Math.abs(b * 0.5 - a * 0.5 * (1 - e))).toBeLessThan(1e-13);
  });

  test("bounds of the entropy rate weigh both parts", () => {
    const h = (e: number) => entropyRate(rare(e, [1, 0, 0]), { maxStates: 500 });
    const [often, seldom] = [h(1e-5), h(1e-10)];
    expect(Math.abs((seldom.lower ?? 0) - (often.lower ?? 1))).toBeLessThan(0.005);
    expect(seldom.upper).toBeLessThan(0.6);
  });

  test("what leads nowhere but for rounding is closed", () => {
    const dust = createHmm({
      operators: [
        [
          [1 - 1e-16, 1e-16],
          [0, 1],
        ],
      ],
      initial: [0.5, 0.5],
    });
    expect(isStationary(dust)).toBe(true);
  });
});

describe("isStationary", () => {
  test.prop([hmm()])("of what starts in the stationary state, and of nothing else", (process) => {
    expect(isStationary(process)).toBe(true);
    const pi = process.initial[0] ?? 1;
    if (pi < 0.99) expect(isStationary(inState(process, 0))).toBe(false);
  });
});
