import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jointBelief, stochasticMatrix } from "../arbitraries/beliefs.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { flipFactor } from "./flip-factor.ts";

const two = (dA: number, dC: number, normalizer?: readonly number[]) =>
  tensorStructure({
    factors: [
      { name: "a", dimension: dA, ...(normalizer === undefined ? {} : { normalizer }) },
      { name: "c", dimension: dC },
    ],
  });

describe("flipFactor", () => {
  test("swaps two states by default; twice is nothing", () => {
    const flip = flipFactor(two(2, 2), { factor: "a" });
    expect(Array.from(flip.apply([0.5, 0.25, 0.125, 0.125]))).toEqual([0.125, 0.125, 0.5, 0.25]);
    expect(Array.from(flip.apply(flip.apply([0.5, 0.25, 0.125, 0.125])))).toEqual([0.5, 0.25, 0.125, 0.125]);
  });

  test("a permutation sends state a to map[a], its inverse back", () => {
    const structure = two(3, 2);
    const turn = flipFactor(structure, { factor: "a", map: [1, 2, 0] });
    const back = flipFactor(structure, { factor: "a", map: [2, 0, 1] });
    fc.assert(
      fc.property(jointBelief(), ({ belief: drawn }) => {
        const belief = Float64Array.from({ length: 6 }, (_, s) => (drawn[s % drawn.length] ?? 0) + 0.1);
        const total = belief.reduce((sum, value) => sum + value, 0);
        const after = turn.apply(belief);
        expect(after[2]).toBeCloseTo((belief[0] ?? 0) / total, 12); // (0, 0) became (1, 0)
        back.apply(after).forEach((value, s) => {
          expect(value).toBeCloseTo((belief[s] ?? 0) / total, 12);
        });
      }),
    );
  });

  test("on the second factor, as a matrix: M F", () => {
    fc.assert(
      fc.property(stochasticMatrix(2, 2), (matrix) => {
        const rows = [matrix.subarray(0, 2), matrix.subarray(2)];
        const after = flipFactor(two(2, 2), { factor: "c", map: rows }).apply([0.4, 0.3, 0.2, 0.1]);
        expect(after[0]).toBeCloseTo(0.4 * (matrix[0] ?? 0) + 0.3 * (matrix[2] ?? 0), 14);
        expect(after[3]).toBeCloseTo(0.2 * (matrix[1] ?? 0) + 0.1 * (matrix[3] ?? 0), 14);
      }),
    );
  });

  test("T27: the change has rank r dC, with r = 1 for a swap of two states and 2 for a turn of three", () => {
    expect(flipFactor(two(2, 4), { factor: "a" }).changeRank).toBe(4);
    expect(flipFactor(two(3, 2), { factor: "a", map: [1, 2, 0] }).changeRank).toBe(4);
    expect(flipFactor(two(3, 2), { factor: "a", map: [0, 1, 2] }).changeRank).toBe(0);
    const merge = [[1, 0], [1, 0]]; // biome-ignore format: a matrix
    expect(flipFactor(two(2, 3), { factor: "a", map: merge })).toMatchObject({ rank: 3, changeRank: 3 });
  });

  test("refuses maps that are none", () => {
    expect(() => flipFactor(two(3, 2), { factor: "a" })).toThrow("flipFactor: a has 3 states and there is no map");
    expect(() => flipFactor(two(2, 2), { factor: "a", map: [1, 1] })).toThrow("map sends two states to 1");
    expect(() => flipFactor(two(2, 2), { factor: "a", map: [1, 2] })).toThrow("map[1] is 2");
    expect(() => flipFactor(two(2, 2), { factor: "a", map: [1] })).toThrow(ShapeError);
    expect(() => flipFactor(two(2, 2), { factor: "a", map: [[1, 0]] })).toThrow(ShapeError);
    expect(() => flipFactor(two(2, 2), { factor: "a", map: [[1, 0], [Number.NaN, 1]] })).toThrow(InvalidArgumentError); // biome-ignore format: a matrix
    expect(() => flipFactor(two(2, 2), { factor: "a", map: [[1, 0], [1, 1]] })).toThrow(NotNormalizedError); // biome-ignore format: a matrix
    // a swap does not keep the normalizer (2, 1)
    expect(() => flipFactor(two(2, 2, [2, 1]), { factor: "a" })).toThrow("is 1 instead of 2 at state 0");
  });
});
