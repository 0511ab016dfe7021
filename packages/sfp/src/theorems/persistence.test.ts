import { beliefState, mess3, tensorProduct, updateBelief, zeroOneRandom } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leakySector } from "../families/leaky-sector.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { projectOntoBlock } from "../intervention/project-onto-block.ts";
import { blockWeights } from "../structure/blocks.ts";
import { persistence } from "./persistence.ts";

describe("persistence (T28)", () => {
  test("holds on random instances; each counterexample fails visibly", () => {
    const { holds, counterexamples } = checkTheorem(persistence);
    expect(holds).toBe(true);
    for (const { violates, residual } of counterexamples) {
      expect(violates).toBe(true);
      expect(residual).toBeGreaterThan(0.01);
    }
    expect(new Set(counterexamples.map(({ drops }) => drops)).size).toBe(persistence.hypotheses.length);
  });

  test("random instances are of all three kinds, and forget", () => {
    const drawn = fc.sample(persistence.arbitrary, { numRuns: 150, seed: 4 });
    for (const kind of ["block", "memory", "mixing"]) {
      expect(drawn.filter((instance) => instance.kind === kind).length).toBeGreaterThan(20);
    }
    const rates = drawn.flatMap((instance) => (instance.kind === "mixing" ? [instance.rate] : []));
    expect(Math.max(...rates)).toBeLessThan(0.999);
    expect(rates.filter((rate) => rate > 0.01).length).toBeGreaterThan(20);
  });

  test.each([0, 0.1, 0.25, 1])("leaky sector, leak %d: (1 - lambda)^(visits to R)", (leak) => {
    const { process } = leakySector({ leak });
    const instance = { kind: "memory", process, dimensions: [2, 3], horizon: 9 } as const;
    expect(persistence.residual({ ...instance, memory: [1, 1, 1 - leak] })).toBeLessThan(1e-13);
    // forgetting at another phase is wrong by a whole leak
    expect(persistence.residual({ ...instance, memory: [1 - leak, 1, 1] })).toBeGreaterThanOrEqual(leak - 1e-12);
  });

  test("by hand: from SR the label is redrawn, and the likeliest token has probability 3/4 * 4/5", () => {
    const { process } = leakySector({ leak: 0.25 });
    // after y = 0, 1 the phase is SR: 1/8 of the weight leaves, with token (1, 1)
    const residual = persistence.residual({ kind: "block", process, states: [3, 4, 5] });
    expect(residual).toBeCloseTo((1 / 8) * (3 / 4) * (4 / 5), 13);
    expect(persistence.residual({ kind: "block", process: personaZ1r(), states: [3, 4, 5] })).toBeLessThan(1e-14);
    expect(persistence.residual({ kind: "block", process: personaZ1r(), states: [3, 4] })).toBeGreaterThan(0.1);
  });

  test("Mess3 forgets by 1 - 3 x, beside any other factor", () => {
    const process = tensorProduct(mess3({ x: 0.15, a: 0.6 }), zeroOneRandom({ p: 0.5 }));
    const instance = { kind: "mixing", process, dimensions: [3, 3], stationary: [1 / 3, 1 / 3, 1 / 3] } as const;
    expect(persistence.residual({ ...instance, rate: 0.55 })).toBeLessThan(1e-13);
    expect(persistence.residual({ ...instance, rate: 0.56 })).toBeGreaterThan(0.009);
    // a periodic factor never forgets
    const phases = tensorProduct(zeroOneRandom({ p: 0.5 }), mess3({ x: 0.15, a: 0.6 }));
    expect(persistence.residual({ ...instance, process: phases, rate: 1 })).toBeLessThan(1e-13);
  });

  test("oracle: the projected belief, filtered token by token, keeps weight 1 for thirty tokens", () => {
    const process = personaZ1r({ variant: "semi-s" });
    let belief = projectOntoBlock(process, 1).apply(beliefState(process, [0, 1]));
    for (let t = 0; t < 30; t++) {
      const probabilities = process.alphabet.map((_, token) => process.step(belief, token, new Float64Array(6)));
      belief = updateBelief(process, belief, probabilities.indexOf(Math.max(...probabilities)));
      expect(blockWeights(process, belief)[1]).toBeCloseTo(1, 12);
    }
  });

  test("a subject's first block", () => {
    const process = personaZ1r();
    const blocks = [
      [0, 1, 2],
      [3, 4, 5],
    ];
    const instance = persistence.instanceOf({ process, blocks });
    expect(instance).toMatchObject({ kind: "block", states: [0, 1, 2] });
    expect(instance === undefined ? 1 : persistence.residual(instance)).toBeLessThan(1e-14);
    expect(persistence.instanceOf({ process })).toBeUndefined();
  });

  test("bad input", () => {
    const process = personaZ1r();
    expect(() => persistence.residual({ kind: "block", process, states: [6] })).toThrow("a state is 6");
    expect(() => persistence.residual({ kind: "block", process, states: [0], maxLength: 0 })).toThrow("maxLength is 0");
    const memory = { kind: "memory", process, dimensions: [2, 3], memory: [1, 1] } as const;
    expect(() => persistence.residual(memory)).toThrow("memory has 2 entries");
    const mixing = { kind: "mixing", process, dimensions: [2, 2], stationary: [0.5, 0.5], rate: 1 } as const;
    expect(() => persistence.residual(mixing)).toThrow("initial has 6 entries");
    expect(() => persistence.residual({ ...mixing, dimensions: [2, 3], horizon: -1 })).toThrow("horizon is -1");
  });
});
