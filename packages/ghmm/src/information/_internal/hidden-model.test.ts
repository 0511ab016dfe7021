import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../../arbitraries/index.ts";
import { wordProbability } from "../../belief/probability.ts";
import { createGhmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";
import { mess3 } from "../../processes/mess3.ts";
import { tomQuantum } from "../../processes/tom-quantum.ts";
import { hiddenModel } from "./hidden-model.ts";

/** Rays of the cone that beliefs of `basis`-transformed HMMs lie in: the rows of `S^-1`, here of a diagonal and a shear. */
function sheared(process: Process, shear: number): Process {
  const d = process.stateDim;
  const apply = (row: Float64Array): Float64Array => row.map((v, j) => v + (j > 0 ? shear * (row[j - 1] ?? 0) : 0));
  // `T S^-1` on the right, and `S` on the left through its action on unit vectors
  const back = (row: Float64Array): Float64Array => {
    const out = row.slice();
    for (let j = 1; j < d; j++) out[j] = (out[j] ?? 0) - shear * (out[j - 1] ?? 0);
    return out;
  };
  const unit = (i: number): Float64Array => Float64Array.from({ length: d }, (_, j) => (i === j ? 1 : 0));
  const times = (row: Float64Array, m: Float64Array): Float64Array =>
    Float64Array.from({ length: d }, (_, j) => row.reduce((sum, v, i) => sum + v * (m[i * d + j] ?? 0), 0));
  const operators = process.alphabet.map((_, x) => {
    const rows = Array.from({ length: d }, (_, i) => apply(times(back(unit(i)), process.operator(x))));
    return Float64Array.from(rows.flatMap((row) => Array.from(row)));
  });
  const rays = Array.from({ length: d }, (_, i) => apply(unit(i)).map((v) => 3 * v));
  const normalizer = Float64Array.from({ length: d }, (_, i) => back(unit(i)).reduce((a, b) => a + b, 0));
  return {
    alphabet: process.alphabet,
    stateDim: d,
    initial: apply(process.initial),
    normalizer,
    certificate: { kind: "cone", rays },
    operator: (x) => operators[x] ?? new Float64Array(),
    step: () => 0,
  };
}

/** Two tokens on states (1, x), started at x = 1/2. */
const inCone = (operators: readonly (readonly number[][])[], rays: readonly number[][]): Process =>
  createGhmm({ operators, normalizer: [1, 0], initial: [1, 0.5], certificate: { kind: "cone", rays } });

describe("hiddenModel", () => {
  test.prop([gaugeTransformed()], { numRuns: 10 })("is the HMM that made the process", ({ hmm: model, ghmm }) => {
    expect(hiddenModel(model)).toBe(model);
    const found = hiddenModel(ghmm);
    if (found === undefined) throw new Error("a change of basis keeps its HMM");
    expect(wordProbability(found, [0, 0])).toBeCloseTo(wordProbability(model, [0, 0]), 12);
  });

  test.prop([hmm()], { numRuns: 20 })("has the rays of a simplicial cone for states", (process) => {
    const found = hiddenModel(sheared(process, 0.5));
    expect(found?.certificate.kind).toBe("hmm");
    process.alphabet.forEach((_, x) => {
      found?.operator(x).forEach((value, at) => {
        expect(value).toBeCloseTo(process.operator(x)[at] ?? Number.NaN, 10);
      });
    });
    expect(found?.initial[0]).toBeCloseTo(process.initial[0] ?? Number.NaN, 10);
  });

  test("is remembered", () => {
    const process = sheared(mess3({ x: 0.15, a: 0.6 }), 0.5);
    expect(hiddenModel(process)).toBe(hiddenModel(process));
  });

  test("is not there for other certificates, nor for cones that do not hold the process", () => {
    expect(hiddenModel(tomQuantum({ alpha: 1, beta: 3 }))).toBeUndefined();
    const process = mess3({ x: 0.15, a: 0.6 });
    const withRays = (rays: number[][]): Process => {
      return { ...process, certificate: { kind: "cone", rays: rays.map((ray) => Float64Array.from(ray)) } };
    };
    const unit = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    expect(hiddenModel(withRays(unit))).toBeDefined();
    expect(hiddenModel(withRays([unit[0] ?? [], unit[1] ?? [], [1, 1, 0]]))).toBeUndefined();
    expect(hiddenModel(withRays([unit[0] ?? [], unit[1] ?? [], [1, -1, 0]]))).toBeUndefined();
  });

  test("has more states than dimensions where the cone has more rays", () => {
    // states (1, x) with |x| <= 1 in a cone of three rays, one of them inside: token 0 halves x, token 1 shifts it
    const zero = [
      [0.5, 0],
      [0, 0.25],
    ];
    const one = [
      [0.5, 0.25],
      [0, 0.25],
    ];
    const rays = [
      [1, 1],
      [1, -1],
      [2, 0],
    ];
    const process = inCone([zero, one], rays);
    const found = hiddenModel(process);
    expect(found?.stateDim).toBe(3);
    for (const word of [[], [0], [1], [0, 1], [1, 1, 0], [0, 1, 1, 1, 0]]) {
      expect(found && wordProbability(found, word)).toBeCloseTo(wordProbability(process, word), 12);
    }
  });

  test("leaves out rays without a future", () => {
    // the second coordinate is carried along and never seen
    const heads = [
      [0.75, 0],
      [0, 0.25],
    ];
    const tails = [
      [0.25, 0],
      [0, 0.25],
    ];
    const rays = [
      [2, 0],
      [0, 1],
    ];
    const process = inCone([heads, tails], rays);
    expect(hiddenModel(process)).toMatchObject({ stateDim: 1, certificate: { kind: "hmm" } });
  });
});
