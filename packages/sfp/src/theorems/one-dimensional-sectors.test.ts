import { tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operatorSchmidt } from "../discover/operator-schmidt.ts";
import { contextPersonas } from "../families/context-personas.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { oneDimensionalSectors } from "./one-dimensional-sectors.ts";

describe("oneDimensionalSectors (T31)", () => {
  test("holds on random instances and fails without its hypothesis", () => {
    const { holds, largestResidual, counterexamples } = checkTheorem(oneDimensionalSectors);
    expect(holds).toBe(true);
    expect(largestResidual).toBeLessThan(1e-13);
    const [exchange = 0, leaky = 0] = counterexamples.map(({ residual }) => residual);
    expect(exchange).toBe(2);
    expect(leaky).toBeGreaterThan(0.01);
    expect(counterexamples.every(({ violates }) => violates)).toBe(true);
  });

  test("random instances have ranks one, two and three", () => {
    const ranks = fc
      .sample(oneDimensionalSectors.arbitrary, 100)
      .map(({ process, dimensions }) => operatorSchmidt(process.operator(0), dimensions).rank);
    for (const rank of [1, 2, 3]) expect(ranks.filter((one) => one === rank).length).toBeGreaterThan(5);
  });

  test("named families: rank one when personas reweight, two when they move differently", () => {
    // theory notes, 2.5 and 2.6b
    const rank = (process: ReturnType<typeof personaZ1r>) => operatorSchmidt(process.operator(0), [2, 3]).rank;
    expect(rank(personaZ1r({ variant: "factored" }))).toBe(1);
    expect(rank(personaZ1r({ variant: "semi" }))).toBe(2);
    expect(rank(personaMess3({ theta: 0 }))).toBe(1);
    expect(rank(personaMess3({ theta: 0.5 }))).toBe(2);
    for (const process of [personaZ1r({ variant: "semi-s" }), personaMess3({ theta: 0.5 })]) {
      expect(oneDimensionalSectors.residual({ process, dimensions: [2, 3] })).toBeLessThan(1e-14);
    }
    // assignments beside contexts: one state beside eight sectors
    const process = contextPersonas({ contexts: 3, alpha: 0.5 });
    expect(oneDimensionalSectors.residual({ process, dimensions: [8, 1] })).toBeLessThan(1e-14);
  });

  test("by hand: two sectors of diag(1, 0) and diag(0, 1) have two equal coefficients", () => {
    const operator = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const { rank, coefficients } = operatorSchmidt(operator, [2, 2]);
    expect(rank).toBe(2);
    expect([...coefficients.slice(0, 2)]).toEqual([Math.SQRT1_2, Math.SQRT1_2].map((s) => expect.closeTo(s, 14)));
  });

  test("a subject needs factors, and a first one that no token changes", () => {
    const factors = (dA: number, dC: number) => [
      { name: "a", dimension: dA },
      { name: "c", dimension: dC },
    ];
    const persona = personaZ1r();
    expect(oneDimensionalSectors.instanceOf({ process: persona, factors: factors(2, 3) })?.dimensions).toEqual([2, 3]);
    expect(oneDimensionalSectors.instanceOf({ process: persona, factors: factors(3, 2) })).toBeUndefined();
    expect(oneDimensionalSectors.instanceOf({ process: persona })).toBeUndefined();
    expect(oneDimensionalSectors.instanceOf({ process: phaseLockedZ1r(), factors: factors(3, 3) })).toBeUndefined();
  });

  test("where the first factor moves, a product still has rank one but its diagonal blocks say nothing", () => {
    const z1r = zeroOneRandom({ p: 0.5 });
    expect(oneDimensionalSectors.residual({ process: tensorProduct(z1r, z1r), dimensions: [3, 3] })).toBeGreaterThan(
      0.5,
    );
  });

  test("bad input", () => {
    expect(() => oneDimensionalSectors.residual({ process: personaZ1r(), dimensions: [2, 2] })).toThrow("36 entries");
  });
});
