import { fc, test } from "@fast-check/vitest";
import { klDivergence, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { beliefInformation } from "../_testing/words.ts";
import { jointBelief, productBelief, stochasticMatrix } from "../arbitraries/beliefs.ts";
import { bipartiteDensity, complexKronecker, density } from "./_testing/states.ts";
import { vonNeumannEntropy } from "./entropies.ts";
import { mutualInformation, quantumMutualInformation, relativeEntropyOfFactorization } from "./mutual-information.ts";
import { partialTrace } from "./partial-trace.ts";

describe("mutualInformation", () => {
  test.prop([jointBelief()], { numRuns: 100 })("is H(A) + H(C) - H(A, C)", ({ belief, dimensions }) => {
    const information = mutualInformation(belief, dimensions);
    expect(information).toBeCloseTo(beliefInformation(belief, dimensions[1]), 12);
    expect(relativeEntropyOfFactorization(belief, dimensions)).toBeCloseTo(information, 12);
    expect(mutualInformation(belief, dimensions, { unit: "nats" })).toBeCloseTo(information * Math.LN2, 12);
  });

  test.prop([productBelief()], { numRuns: 50 })("vanishes for products", ({ belief, dimensions }) => {
    expect(mutualInformation(belief, dimensions)).toBeCloseTo(0, 12);
  });

  // T21d
  test.prop([jointBelief().chain((joint) => stochasticMatrix(joint.dimensions[0], 2).map((map) => ({ joint, map })))], {
    numRuns: 100,
  })("does not grow under a stochastic map of one factor", ({ joint: { belief, dimensions }, map }) => {
    const [dA, dC] = dimensions;
    const processed = new Float64Array(2 * dC);
    belief.forEach((p, s) => {
      const [a, c] = [Math.floor(s / dC), s % dC];
      for (const to of [0, 1]) processed[to * dC + c] = (processed[to * dC + c] ?? 0) + p * (map[a * 2 + to] ?? 0);
    });
    expect(mutualInformation(processed, [2, dC])).toBeLessThanOrEqual(mutualInformation(belief, [dA, dC]) + 1e-12);
  });

  test("bad input", () => {
    for (const measure of [mutualInformation, relativeEntropyOfFactorization]) {
      expect(() => measure([0.5, 0.6], [2, 1])).toThrow(NotNormalizedError);
      expect(() => measure([1.5, -0.5], [2, 1])).toThrow("belief[1] is -0.5");
      expect(() => measure([0.5, Number.NaN], [2, 1])).toThrow("belief[1] is NaN");
      expect(() => measure([0.5, 0.5], [2, 5])).toThrow(ShapeError);
      expect(() => measure([1], [1, 1], { unit: "bans" as "bits" })).toThrow("unit is bans");
    }
  });
});

describe("relativeEntropyOfFactorization", () => {
  test.prop(
    [
      jointBelief({ maxDimension: 3 }),
      fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
    ],
    { numRuns: 100 },
  )("no product is closer than that of the marginals", ({ belief, dimensions }, draws) => {
    const [dA, dC] = dimensions;
    const law = (weights: readonly number[]) => weights.map((w) => w / weights.reduce((sum, x) => sum + x, 0));
    const [first, second] = [law(draws.slice(0, dA)), law(draws.slice(3, 3 + dC))];
    const product = first.flatMap((a) => second.map((c) => a * c));
    const least = relativeEntropyOfFactorization(belief, dimensions, { unit: "bits" });
    expect(klDivergence(belief, product)).toBeGreaterThanOrEqual(least - 1e-12);
  });
});

describe("quantumMutualInformation", () => {
  test.prop([bipartiteDensity()], { numRuns: 60 })(
    "is S(A) + S(C) - S(A, C), from 0 to 2 log min(dA, dC)",
    ({ rho, dimensions }) => {
      const found = quantumMutualInformation(rho, dimensions);
      const [first, second] = [
        partialTrace(rho, dimensions, { keep: "first" }),
        partialTrace(rho, dimensions, { keep: "second" }),
      ].map((state) => vonNeumannEntropy(state));
      expect(found).toBeCloseTo((first ?? 0) + (second ?? 0) - vonNeumannEntropy(rho), 11);
      expect(found).toBeGreaterThanOrEqual(0);
      expect(found).toBeLessThanOrEqual(2 * Math.log2(Math.min(...dimensions)) + 1e-11);
    },
  );

  test.prop([density(2), density(3)], { numRuns: 30 })("vanishes for products", (a, c) => {
    expect(quantumMutualInformation(complexKronecker(a, 2, c, 3), [2, 3])).toBeCloseTo(0, 10);
  });

  test("refuses what is no density matrix", () => {
    expect(() => quantumMutualInformation([1, 0, 0, 1], [2, 1])).toThrow("rho has trace 2");
    expect(() => quantumMutualInformation([1, 0, 0, 0], [2, 5])).toThrow(ShapeError);
  });
});
