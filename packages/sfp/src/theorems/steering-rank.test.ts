import { goldenMean, mess3, tensorProduct } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { personaZ1r } from "../families/persona-z1r.ts";
import { type SteeringInstance, steeringRank } from "./steering-rank.ts";

const swap = [
  [0, 1],
  [1, 0],
];

describe("steeringRank (T27)", () => {
  test("holds on random instances; each counterexample fails by its own amount", () => {
    const { holds, counterexamples } = checkTheorem(steeringRank);
    expect(holds).toBe(true);
    const failures = new Map(counterexamples.map(({ drops, residual }) => [drops, residual]));
    expect(failures.get("direct sum")).toBeCloseTo(1, 12); // 2 * 1/2
    expect(failures.get("fixed a")).toBeGreaterThan(1);
    expect(failures.get("products")).toBeGreaterThan(0.1);
    // the error is 2 in the place of 1, the gradient 1: a half step adds up to 1/2 too little or too much
    expect(failures.get("mean")).toBeCloseTo(1, 12);
    expect(failures.size).toBe(steeringRank.hypotheses.length);
  });

  test("random instances are not trivial: most have error, and maps of rank above one occur", () => {
    const drawn = fc.sample(steeringRank.arbitrary, { numRuns: 200, seed: 2 });
    const joint = drawn.filter((instance) => steeringRank.residual({ ...instance, code: "joint" }) > 1e-3);
    expect(joint.length).toBeGreaterThan(60);
    expect(drawn.filter(({ dimensions: [dA] }) => dA > 2).length).toBeGreaterThan(50);
  });

  test("oracle: the joint error is |a' - a|^2 tr Cov(c), by the definition of a covariance", () => {
    const points = [
      [0.2, 0.3, 0.5],
      [0.6, 0.3, 0.1],
      [0, 0.5, 0.5],
    ];
    const a = [0.9, 0.1];
    const instance: SteeringInstance = {
      dimensions: [2, 3],
      map: swap,
      beliefs: points.map((c) => a.flatMap((p) => c.map((q) => p * q))),
      weights: [0.2, 0.5, 0.3],
    };
    // pairs: tr Cov = sum_{m<n} w_m w_n |c_m - c_n|^2
    const square = (m: number, n: number) =>
      (points[m] ?? []).reduce((sum, value, s) => sum + (value - (points[n]?.[s] ?? 0)) ** 2, 0);
    const trace = 0.2 * 0.5 * square(0, 1) + 0.2 * 0.3 * square(0, 2) + 0.5 * 0.3 * square(1, 2);
    expect(steeringRank.residual(instance)).toBeLessThan(1e-14);
    expect(steeringRank.residual({ ...instance, code: "joint" })).toBeCloseTo(2 * 0.8 ** 2 * trace, 13);
  });

  test("one capability belief: a constant vector is exact in both codes", () => {
    const instance: SteeringInstance = {
      dimensions: [2, 2],
      map: swap,
      beliefs: [[0.8, 0, 0.2, 0]],
      weights: [1],
      code: "joint",
    };
    expect(steeringRank.residual(instance)).toBeLessThan(1e-14);
  });

  test("a process's own beliefs of the capability make an instance", () => {
    const process = tensorProduct(goldenMean({ p: 0.5 }), mess3({ x: 0.15, a: 0.6 }));
    const factors = [
      { name: "a", dimension: 2 },
      { name: "c", dimension: 3 },
    ];
    const instance = steeringRank.instanceOf({ process, factors });
    expect(instance?.beliefs.length).toBe(7);
    expect(instance === undefined ? 1 : steeringRank.residual(instance)).toBeLessThan(1e-13);
    expect(instance === undefined ? 0 : steeringRank.residual({ ...instance, code: "joint" })).toBeGreaterThan(0.01);
    expect(steeringRank.instanceOf({ process })).toBeUndefined();
    const persona = personaZ1r();
    expect(steeringRank.instanceOf({ process: persona, factors })?.dimensions).toEqual([2, 3]);
    expect(
      steeringRank.instanceOf({ process: persona, factors: [{ name: "a", dimension: 2, normalizer: [2, 1] }] }),
    ).toBeUndefined();
  });

  test("bad input", () => {
    const instance: SteeringInstance = { dimensions: [2, 2], map: swap, beliefs: [[1, 0, 0, 0]], weights: [1] };
    expect(() => steeringRank.residual({ ...instance, map: [[1, 0]] })).toThrow("map has 1 entries");
    expect(() => steeringRank.residual({ ...instance, weights: [0.5] })).toThrow("weights sums to 0.5");
    expect(() => steeringRank.residual({ ...instance, vector: [1] })).toThrow("vector has 1 entries");
    expect(() => steeringRank.residual({ ...instance, beliefs: [[1]] })).toThrow("entries");
    expect(() => steeringRank.residual({ ...instance, dimensions: [0, 2], map: [] })).toThrow("dA is 0");
  });
});
