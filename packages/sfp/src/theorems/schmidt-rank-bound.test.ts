import { beliefState, mess3, singularValueDecomposition, tensorProduct } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operatorSchmidt } from "../discover/operator-schmidt.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { schmidtRankBound } from "./schmidt-rank-bound.ts";

const rankOf = (belief: Float64Array, dimensions: readonly [number, number]) =>
  singularValueDecomposition(belief, dimensions).values.filter((value) => value > 1e-10).length;

describe("schmidtRankBound (T12)", () => {
  test("holds on random instances and fails without its hypotheses", () => {
    const { holds, largestResidual, counterexamples } = checkTheorem(schmidtRankBound);
    expect(holds).toBe(true);
    expect(largestResidual).toBeLessThan(1e-12);
    const [basis, linear] = counterexamples.map(({ residual }) => residual);
    expect(basis).toBeGreaterThan(0.01);
    expect(linear).toBeGreaterThan(5e-4);
  });

  test("random instances reach the bound where it is below min(dA, dC)", () => {
    const tight = fc.sample(schmidtRankBound.arbitrary, 100).filter(({ process, dimensions }) => {
      const rank = operatorSchmidt(process.operator(0), dimensions).rank;
      return rank > 1 && rank < Math.min(...dimensions) && rankOf(beliefState(process, [0]), dimensions) === rank;
    });
    expect(tight.length).toBeGreaterThan(10);
  });

  test("Z9: rank one stays at kappa = 0; two products per operator give rank two", () => {
    const ranks = (kappa: number) =>
      [[], [0], [0, 0], [0, 1], [1, 0], [0, 3]].map((word) =>
        rankOf(beliefState(phaseLockedZ1r({ kappa }), word), [3, 3]),
      );
    expect(ranks(0)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(Math.max(...ranks(0.5))).toBe(2);
    expect(schmidtRankBound.residual({ process: phaseLockedZ1r({ kappa: 0.5 }), dimensions: [3, 3] })).toBe(0);
  });

  test("in a product a wrong pair of dimensions is another structure, with operators of higher rank", () => {
    const process = tensorProduct(personaZ1r({ variant: "factored" }), mess3({ x: 0.15, a: 0.6 }));
    expect(schmidtRankBound.residual({ process, dimensions: [6, 3], maxLength: 1 })).toBeLessThan(1e-12);
    expect(schmidtRankBound.residual({ process, dimensions: [3, 6], maxLength: 1 })).toBeLessThan(1e-12);
  });

  test("a subject needs factors that are those of its process", () => {
    const process = phaseLockedZ1r();
    const factors = [
      { name: "a", dimension: 3 },
      { name: "c", dimension: 3 },
    ];
    expect(schmidtRankBound.instanceOf({ process, factors })?.dimensions).toEqual([3, 3]);
    expect(schmidtRankBound.instanceOf({ process })).toBeUndefined();
  });

  test("bad input", () => {
    const process = phaseLockedZ1r();
    expect(() => schmidtRankBound.residual({ process, dimensions: [3, 2] })).toThrow("initial has 9 entries");
    expect(() => schmidtRankBound.residual({ process, dimensions: [3, 3], maxLength: -1 })).toThrow("maxLength is -1");
    expect(() => schmidtRankBound.residual({ process, dimensions: [3, 3], nextBasis: [1] })).toThrow(
      "nextBasis has 1 entries",
    );
  });
});
