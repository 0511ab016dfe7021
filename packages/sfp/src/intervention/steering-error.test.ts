import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { kroneckerVector } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { productBelief } from "../arbitraries/beliefs.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { flipFactor } from "./flip-factor.ts";
import { resetFactor } from "./reset-factor.ts";
import { steeringError } from "./steering-error.ts";

const structure = tensorStructure({
  factors: [
    { name: "a", dimension: 2 },
    { name: "c", dimension: 3 },
  ],
});

const law = (size: number) =>
  fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: size, maxLength: size }).map((draws) => {
    const total = draws.reduce((sum, value) => sum + value, 0);
    return draws.map((value) => value / total);
  });

const ensemble = fc.integer({ min: 1, max: 5 }).chain((count) =>
  fc.record({
    a: law(2),
    points: fc.array(law(3), { minLength: count, maxLength: count }),
    weights: law(count),
  }),
);

describe("steeringError", () => {
  test("T27: |a' - a|^2 tr Cov(c) in the joint code, nothing in the direct sum", () => {
    fc.assert(
      fc.property(ensemble, ({ a, points, weights }) => {
        const beliefs = points.map((c) => kroneckerVector(a, c));
        const flip = flipFactor(structure, { factor: "a" });
        const trace = [0, 1, 2].reduce((sum, s) => {
          const mean = points.reduce((total, c, n) => total + (weights[n] ?? 0) * (c[s] ?? 0), 0);
          return sum + points.reduce((total, c, n) => total + (weights[n] ?? 0) * ((c[s] ?? 0) - mean) ** 2, 0);
        }, 0);
        const distance = 2 * ((a[0] ?? 0) - (a[1] ?? 0)) ** 2;
        expect(steeringError(structure, flip, { beliefs, weights }).error).toBeCloseTo(distance * trace, 12);
        const apart = steeringError(structure, flip, { beliefs, weights, code: "direct-sum" });
        expect(apart.error).toBeLessThan(1e-28);
        expect(apart.rank).toBeLessThanOrEqual(1);
        expect(apart.vector.length).toBe(5);
      }),
    );
  });

  test("no other constant vector does better: a step in any direction adds its square", () => {
    const reset = resetFactor(structure, { factor: "a", to: 1 });
    fc.assert(
      fc.property(fc.array(productBelief(), { minLength: 1, maxLength: 4 }), fc.nat(5), (drawn, direction) => {
        const beliefs = drawn.map(({ belief }) => {
          const padded = Float64Array.from({ length: 6 }, (_, s) => (belief[s % belief.length] ?? 0) + 0.1);
          const total = padded.reduce((sum, value) => sum + value, 0);
          return padded.map((value) => value / total);
        });
        const { vector, error } = steeringError(structure, reset, { beliefs });
        const errorOf = (steered: Float64Array) =>
          beliefs.reduce((sum, belief) => {
            const after = reset.apply(belief);
            return sum + after.reduce((square, v, s) => square + (v - (belief[s] ?? 0) - (steered[s] ?? 0)) ** 2, 0);
          }, 0) / beliefs.length;
        expect(errorOf(vector)).toBeCloseTo(error, 12);
        const other = vector.map((value, s) => (s === direction ? value + 0.1 : value));
        expect(errorOf(other)).toBeCloseTo(error + 0.01, 12);
      }),
    );
  });

  test("changes of beliefs with every c span r dC directions in the joint code and r in the direct sum", () => {
    const flip = flipFactor(structure, { factor: "a" });
    const pure = [0, 1, 2].map((c) => Float64Array.from({ length: 6 }, (_, s) => (s === c ? 1 : 0)));
    expect(steeringError(structure, flip, { beliefs: pure }).rank).toBe(3);
    expect(steeringError(structure, flip, { beliefs: pure, code: "direct-sum" }).rank).toBe(1);
    // beliefs without weight do not count
    expect(steeringError(structure, flip, { beliefs: pure, weights: [1, 0, 0] })).toMatchObject({ rank: 1, error: 0 });
  });

  test("nothing changes: no directions", () => {
    const keep = flipFactor(structure, { factor: "a", map: [0, 1] });
    expect(steeringError(structure, keep, { beliefs: [[1, 0, 0, 0, 0, 0]] })).toMatchObject({ rank: 0, error: 0 });
  });

  test("refuses empty ensembles, weights that are no law and other lengths", () => {
    const flip = flipFactor(structure, { factor: "a" });
    const beliefs = [[1, 0, 0, 0, 0, 0]];
    expect(() => steeringError(structure, flip, { beliefs: [] })).toThrow("steeringError: beliefs is empty");
    expect(() => steeringError(structure, flip, { beliefs, weights: [0.5] })).toThrow("weights sums to 0.5");
    expect(() => steeringError(structure, flip, { beliefs, weights: [0.5, 0.5] })).toThrow(ShapeError);
    expect(() => steeringError(structure, flip, { beliefs: [[1, 0]] })).toThrow("beliefs[0] has 2 entries");
    expect(() => steeringError(structure, flip, { beliefs: [[Number.NaN, 0, 0, 0, 0, 1]] })).toThrow(
      InvalidArgumentError,
    );
    // a hole is no belief, and another multiple of a belief would be steered by its length
    expect(() => steeringError(structure, flip, { beliefs: new Array<number[]>(2) })).toThrow(
      "beliefs[0] is undefined",
    );
    const double = () => steeringError(structure, flip, { beliefs: [[2, 0, 0, 0, 0, 0]], code: "direct-sum" });
    expect(double).toThrow(NotNormalizedError);
    // @ts-expect-error only two codes exist
    expect(() => steeringError(structure, flip, { beliefs, code: "polar" })).toThrow('code is "polar"');
  });
});
