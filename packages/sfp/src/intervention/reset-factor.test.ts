import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { matrixTimesVector } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jointBelief } from "../arbitraries/beliefs.ts";
import { marginalBelief, marginals } from "../structure/marginals.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { resetFactor } from "./reset-factor.ts";

const two = (dA: number, dC: number) =>
  tensorStructure({
    factors: [
      { name: "a", dimension: dA },
      { name: "c", dimension: dC },
    ],
  });

describe("resetFactor", () => {
  test("b R = a' (x) b_C for every belief, correlated or signed", () => {
    fc.assert(
      fc.property(fc.oneof(jointBelief(), jointBelief({ signed: true })), fc.nat(3), ({ belief, dimensions }, draw) => {
        const [dA, dC] = dimensions;
        const structure = two(dA, dC);
        const to = draw % dA;
        const after = resetFactor(structure, { factor: "a", to }).apply(belief);
        const [, second] = marginals(structure, belief);
        after.forEach((value, s) => {
          const expected = Math.floor(s / dC) === to ? (second[s % dC] ?? 0) : 0;
          expect(Math.abs(value - expected)).toBeLessThan(1e-12);
        });
      }),
    );
  });

  test("twice is once, and any factor of several can be reset", () => {
    const structure = tensorStructure({
      factors: [
        { name: "a", dimension: 2 },
        { name: "b", dimension: 3 },
        { name: "c", dimension: 2 },
      ],
    });
    const belief = Float64Array.from({ length: 12 }, (_, s) => (s + 1) / 78);
    const reset = resetFactor(structure, { factor: "b", to: [0.2, 0.3, 0.5] });
    const once = reset.apply(belief);
    reset.apply(once).forEach((value, s) => {
      expect(value).toBeCloseTo(once[s] ?? -1, 15);
    });
    expect(Array.from(marginalBelief(structure, once, ["b"])).map((p) => p.toFixed(12))).toEqual([
      "0.200000000000",
      "0.300000000000",
      "0.500000000000",
    ]);
    const rest = marginalBelief(structure, belief, ["a", "c"]);
    marginalBelief(structure, once, ["a", "c"]).forEach((value, s) => {
      expect(value).toBeCloseTo(rest[s] ?? -1, 15);
    });
  });

  test("has rank one on the factor: dC in all, and its change (dA - 1) dC", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (dA, dC) => {
        const { rank, changeRank } = resetFactor(two(dA, dC), { factor: "a", to: 0 });
        expect([rank, changeRank]).toEqual([dC, (dA - 1) * dC]);
      }),
    );
  });

  test("in a factor with another normalizer a state is the belief e / w, and weights are kept", () => {
    const structure = tensorStructure({
      factors: [
        { name: "a", dimension: 2, normalizer: [2, 1] },
        { name: "c", dimension: 2 },
      ],
    });
    const reset = resetFactor(structure, { factor: "a", to: 0 });
    // b . w = 2 (.1 + .2) + .3 + .1 = 1
    const after = reset.apply([0.1, 0.2, 0.3, 0.1]);
    // R w = w, w = (2, 2, 1, 1): nothing to renormalise
    expect(Array.from(matrixTimesVector(reset.matrix, [2, 2, 1, 1]))).toEqual([2, 2, 1, 1]);
    const expected = [0.25, 0.25, 0, 0]; // b_C = (.5, .5), divided by 2
    after.forEach((value, s) => {
      expect(value).toBeCloseTo(expected[s] ?? -1, 15);
    });
  });

  test("refuses factors, states and beliefs that do not exist", () => {
    const structure = two(2, 2);
    expect(() => resetFactor(structure, { factor: "b", to: 0 })).toThrow('resetFactor: there is no factor called "b"');
    expect(() => resetFactor(structure, { factor: "a", to: 2 })).toThrow("resetFactor: to is 2");
    expect(() => resetFactor(structure, { factor: "a", to: 0.5 })).toThrow(InvalidArgumentError);
    expect(() => resetFactor(structure, { factor: "a", to: Number.NaN })).toThrow("to is NaN");
    expect(() => resetFactor(structure, { factor: "a", to: [1] })).toThrow(ShapeError);
    expect(() => resetFactor(structure, { factor: "a", to: [0.5, Number.NaN] })).toThrow("to[1] is NaN");
    expect(() => resetFactor(structure, { factor: "a", to: [0.5, 0.4] })).toThrow(NotNormalizedError);
    const blind = tensorStructure({
      factors: [
        { name: "a", dimension: 2, normalizer: [1, 0] },
        { name: "c", dimension: 1 },
      ],
    });
    expect(() => resetFactor(blind, { factor: "a", to: 1 })).toThrow("state 1 of a has normalizer 0");
  });
});
