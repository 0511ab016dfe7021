import { InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { checkStates, makeIntervention, matrixRank, minusIdentity, outcomeOf } from "./intervention.ts";

const halve = makeIntervention({
  source: "halve",
  name: "halve the second state",
  matrix: Float64Array.of(1, 0, 0, 0.5),
  rank: 2,
  changeRank: 1,
  normalizer: Float64Array.of(1, 1),
});

describe("makeIntervention", () => {
  test("applies the matrix from the right and renormalises", () => {
    expect(Array.from(halve.apply([0.5, 0.5]))).toEqual([2 / 3, 1 / 3]);
    expect(Array.from(halve.apply([5, 5]))).toEqual([2 / 3, 1 / 3]);
  });

  test("does not change the belief that it is given", () => {
    const belief = Float64Array.of(0.5, 0.5);
    halve.apply(belief);
    expect(Array.from(belief)).toEqual([0.5, 0.5]);
  });

  test("a small weight is no zero weight", () => {
    expect(Array.from(halve.apply([0, 1e-200]))).toEqual([0, 1]);
  });

  test("entries near the largest number add up to no infinity", () => {
    expect(Array.from(halve.apply([1.5e308, 1.5e308]))).toEqual([2 / 3, 1 / 3]);
    expect(Array.from(halve.apply([Number.MAX_VALUE, 0]))).toEqual([1, 0]);
  });

  test("outcomeOf: the same for every multiple of the matrix, nothing where there is no weight", () => {
    const normalizer = Float64Array.of(1, 1);
    for (const scale of [1e-300, 1e-20, 1, 1e300]) {
      const outcome = outcomeOf(
        { matrix: Float64Array.of(scale, 0, 0, scale / 2) },
        normalizer,
        Float64Array.of(0.5, 0.5),
      );
      expect(outcome?.[0]).toBeCloseTo(2 / 3, 14);
    }
    expect(outcomeOf({ matrix: new Float64Array(4) }, normalizer, Float64Array.of(0.5, 0.5))).toBeUndefined();
    expect(outcomeOf(halve, normalizer, Float64Array.of(0, 0))).toBeUndefined();
  });

  test("normalises by w, not by the sum", () => {
    const turned = makeIntervention({
      source: "turned",
      name: "identity",
      matrix: Float64Array.of(1, 0, 0, 1),
      rank: 2,
      changeRank: 0,
      normalizer: Float64Array.of(3, 1),
    });
    expect(Array.from(turned.apply([0.25, 0.25]))).toEqual([0.25, 0.25]);
  });

  test("refuses what has no weight, another size and what is not finite", () => {
    expect(() => halve.apply([0, 0])).toThrow("halve: halve the second state has weight 0");
    expect(() => halve.apply([1])).toThrow(ShapeError);
    expect(() => halve.apply(JSON.parse("null"))).toThrow("belief is null");
    expect(() => halve.apply([Number.NaN, 1])).toThrow("halve: belief[0] is NaN");
    expect(() => halve.apply([1, Number.POSITIVE_INFINITY])).toThrow(InvalidArgumentError);
    // cancellation of signs to rounding is no weight either
    expect(() => halve.apply([1, -2])).toThrow("has weight 0");
  });
});

describe("matrixRank", () => {
  test("counts singular values above rounding", () => {
    expect(matrixRank([1, 2, 2, 4], 2)).toBe(1);
    expect(matrixRank([1, 0, 0, 1], 2)).toBe(2);
    expect(matrixRank([1e-17, 0, 0, 1e-18], 2)).toBe(0);
    expect(matrixRank([1, 2, 3, 2, 4, 7], 3)).toBe(2);
  });

  test("minusIdentity", () => {
    expect(Array.from(minusIdentity(Float64Array.of(1, 2, 3, 4), 2))).toEqual([0, 2, 3, 3]);
  });
});

test("matrices of more than 8192 states are not written out", () => {
  expect(() => checkStates("reset", 8192)).not.toThrow();
  expect(() => checkStates("reset", 8193)).toThrow(UnsupportedError);
  expect(() => checkStates("reset", 8193)).toThrow("reset: the matrix of the intervention is 8193 x 8193");
});
