import { beliefState, mixedStatePresentation } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beliefInformation } from "../_testing/words.ts";
import { operatorSchmidt } from "../discover/operator-schmidt.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { secondSchmidtValue } from "./_internal/product-preserving.ts";
import { couplingBreaksProducts } from "./coupling-breaks-products.ts";

describe("couplingBreaksProducts (T11)", () => {
  test("holds on random instances; every exception has products only", () => {
    const { holds, counterexamples } = checkTheorem(couplingBreaksProducts);
    expect(holds).toBe(true);
    expect(counterexamples.length).toBe(4);
    for (const { residual } of counterexamples) expect(residual).toBeGreaterThan(0.999);
  });

  test("random instances are coupled and start in products", () => {
    fc.assert(
      fc.property(couplingBreaksProducts.arbitrary, ({ process, dimensions }) => {
        expect(secondSchmidtValue(process.initial, dimensions)).toBeLessThan(1e-15);
        const ranks = process.alphabet.map((_, x) => operatorSchmidt(process.operator(x), dimensions).rank);
        expect(Math.max(...ranks)).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 30 },
    );
  });

  test("Z9 by hand: after (0, 0) the matrix is [[1, 0, 1/2], [0, 0, 0], [1/2, 0, (1 + kappa) / 4]] moved on, minor kappa / 4", () => {
    for (const kappa of [0, 0.2, 1]) {
      const belief = beliefState(phaseLockedZ1r({ kappa }), [0]);
      // phases (0, 0), (0, 2), (2, 0), (2, 2) move to (1, 1), (1, 0), (0, 1), (0, 0)
      const total = 2 + (1 + kappa) / 4;
      const minor = (belief[0] ?? 0) * (belief[4] ?? 0) - (belief[1] ?? 0) * (belief[3] ?? 0);
      expect(minor * total ** 2).toBeCloseTo(kappa / 4, 14);
    }
  });

  test("Z9: largest I(A:C) of a belief is 0, .029049, .122556 bits at kappa = 0, .5, 1 (theory notes, 2.4)", () => {
    const largest = (kappa: number) =>
      Math.max(
        ...mixedStatePresentation(phaseLockedZ1r({ kappa })).states.map((belief) => beliefInformation(belief, 3)),
      );
    expect(largest(0)).toBeLessThan(1e-14);
    expect(largest(0.5)).toBeCloseTo(0.029049, 6);
    expect(largest(1)).toBeCloseTo(0.122556, 6);
  });

  test("a coupling of 1e-7 is seen, one below rounding is not", () => {
    const residual = (kappa: number) =>
      couplingBreaksProducts.residual({ process: phaseLockedZ1r({ kappa }), dimensions: [3, 3] });
    expect(residual(1e-6)).toBe(0);
    expect(residual(1e-12)).toBeGreaterThan(0.99);
  });

  test("a subject is applicable if an operator breaks products; its start is made generic", () => {
    const factors = [
      { name: "persona", dimension: 2 },
      { name: "phase", dimension: 3 },
    ];
    const certain = { ...personaZ1r(), initial: Float64Array.of(1, 0, 0, 0, 0, 0) };
    const instance = couplingBreaksProducts.instanceOf({ process: certain, factors });
    expect(instance?.dimensions).toEqual([2, 3]);
    expect(instance === undefined ? 1 : couplingBreaksProducts.residual(instance)).toBe(0);
    expect(couplingBreaksProducts.residual({ process: certain, dimensions: [2, 3] })).toBe(1);
    const factored = personaZ1r({ variant: "factored" });
    expect(couplingBreaksProducts.instanceOf({ process: factored, factors })).toBeUndefined();
    expect(couplingBreaksProducts.instanceOf({ process: certain })).toBeUndefined();
  });

  test("bad input", () => {
    const process = phaseLockedZ1r();
    expect(() => couplingBreaksProducts.residual({ process, dimensions: [2, 3] })).toThrow("initial has 9 entries");
    expect(() => couplingBreaksProducts.residual({ process, dimensions: [3, 3], maxLength: 0 })).toThrow(
      "maxLength is 0",
    );
  });
});
