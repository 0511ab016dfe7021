import { mess3, tensorProduct, tomQuantum, zeroOneRandom } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { reachedBeliefs } from "./_internal/beliefs.ts";
import { secondSchmidtValue } from "./_internal/product-preserving.ts";
import { productsPreserved } from "./products-preserved.ts";

const phases = [
  { name: "a", dimension: 3 },
  { name: "c", dimension: 3 },
];

describe("productsPreserved (T10)", () => {
  test("holds on random instances and fails without each hypothesis", () => {
    const { holds, counterexamples } = checkTheorem(productsPreserved);
    expect(holds).toBe(true);
    expect(counterexamples.every(({ violates }) => violates)).toBe(true);
    expect(new Set(counterexamples.map(({ drops }) => drops)).size).toBe(productsPreserved.hypotheses.length);
    const [coupled, reset, swap, start, experts, chain] = counterexamples.map(({ residual }) => residual);
    expect(coupled).toBeGreaterThan(0.01);
    expect(reset).toBeGreaterThan(0.01);
    expect(swap).toBeGreaterThan(0.1);
    expect(start).toBeGreaterThanOrEqual(0.125 - 1e-15);
    // P(0, 0) is .9 * .7 divided by Z = 1.3
    expect(experts).toBeCloseTo(0.63 * (1 - 1 / 1.3), 12);
    expect(chain).toBe(1);
  });

  test("the converse is false: after a reset and after a swap, beliefs are products all the same", () => {
    const converse = productsPreserved.counterexamples.filter(({ drops }) => drops === "rank-one operators").slice(1);
    expect(converse.length).toBe(2);
    for (const { instance } of converse) {
      const [first, second] = instance.structure.factors;
      for (const { belief } of reachedBeliefs(instance.process, 5)) {
        expect(secondSchmidtValue(belief, [first.dimension, second.dimension])).toBeLessThan(1e-14);
      }
    }
  });

  test("random instances have operators of more than one state, in bases that are not orthogonal, and some are no chains", () => {
    const drawn = fc.sample(productsPreserved.arbitrary, 100);
    const joint = drawn.filter(({ structure: { factors } }) => factors.every(({ dimension }) => dimension > 1));
    expect(joint.length).toBeGreaterThan(20);
    expect(joint.some(({ process }) => process.certificate.kind === "similar-to-hmm")).toBe(true);
    expect(joint.some(({ chainTokens }) => chainTokens === undefined)).toBe(true);
    expect(joint.some(({ chainTokens }) => chainTokens !== undefined)).toBe(true);
  });

  test("signed factors with normalizers of their own: Mess3 beside the Bloch walk", () => {
    const bloch = tomQuantum({ alpha: 1, beta: 3 });
    const structure = tensorStructure({
      factors: [
        { name: "mess3", dimension: 3 },
        { name: "qubit", dimension: 3, normalizer: bloch.normalizer },
      ],
    });
    const process = tensorProduct(mess3({ x: 0.15, a: 0.6 }), bloch);
    expect(productsPreserved.residual({ process, structure, chainTokens: 4, maxLength: 2 })).toBeLessThan(1e-13);
  });

  test("a subject must be factored and start in a product; a chain is recognised by its operators", () => {
    const z1r = zeroOneRandom({ p: 0.3 });
    const process = tensorProduct(z1r, z1r);
    const chain = productsPreserved.instanceOf({ process, factors: phases, tokenSizes: [2, 2] });
    expect(chain?.chainTokens).toBe(2);
    expect(productsPreserved.instanceOf({ process, factors: phases })?.chainTokens).toBeUndefined();
    expect(productsPreserved.instanceOf({ process })).toBeUndefined();
    expect(productsPreserved.instanceOf({ process: phaseLockedZ1r({ kappa: 0.1 }), factors: phases })).toBeUndefined();
    expect(productsPreserved.instanceOf({ process: phaseLockedZ1r({ alpha: 0.1 }), factors: phases })).toBeUndefined();
    const crossed = productsPreserved.counterexamples.find(({ drops }) => drops === "chain")?.instance.process;
    const bits = phases.map(({ name }) => ({ name, dimension: 2 }));
    expect(crossed).toBeDefined();
    const made = productsPreserved.instanceOf({ process: crossed ?? process, factors: bits, tokenSizes: [2, 2] });
    expect(made).toBeDefined();
    expect(made?.chainTokens).toBeUndefined();
  });

  test("bad input", () => {
    const process = phaseLockedZ1r();
    const { structure } = process;
    expect(() => productsPreserved.residual({ process, structure, maxLength: 11 })).toThrow("maxLength is 11");
    expect(() => productsPreserved.residual({ process, structure, chainTokens: 0 })).toThrow("chainTokens is 0");
    const other = tensorStructure({
      factors: [
        { name: "a", dimension: 3 },
        { name: "c", dimension: 2 },
      ],
    });
    expect(() => productsPreserved.residual({ process, structure: other })).toThrow("operator has 81 entries");
  });
});
