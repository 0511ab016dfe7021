import { beliefState, coin, logWordProbability, mixture } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import { describe, expect, test } from "vitest";
import { contextPersonas } from "../families/context-personas.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { shiftBlockLogits } from "../intervention/shift-block-logits.ts";
import { blockWeights } from "../structure/blocks.ts";
import { priorShift } from "./prior-shift.ts";

const sectors = [
  [0, 1, 2],
  [3, 4, 5],
];

describe("priorShift (T29)", () => {
  test("holds on random instances; each counterexample fails visibly", () => {
    const { holds, counterexamples } = checkTheorem(priorShift);
    expect(holds).toBe(true);
    for (const { violates, residual } of counterexamples) {
      expect(violates).toBe(true);
      expect(residual).toBeGreaterThan(0.01);
    }
    expect(new Set(counterexamples.map(({ drops }) => drops)).size).toBe(priorShift.hypotheses.length);
  });

  test("by hand: two coins, one token: the gradient is theta (P_beta / P - 1)", () => {
    const coins = mixture({ components: [coin({ p: 0.9 }), coin({ p: 0.2 })], weights: [0.5, 0.5] });
    const instance = { process: coins, blocks: [[0], [1]], logits: [Math.log(3), 0] };
    expect(priorShift.residual(instance)).toBeLessThan(1e-9);
    // the redrawn label: after any token the weights are even, but where it started is known better
    const [, redrawn] = priorShift.counterexamples;
    if (redrawn === undefined) throw new Error("there is no such counterexample");
    // token 1 has probabilities 1/10 and 8/10: the start was the second coin with 8/9, the present is even
    expect(priorShift.residual({ ...redrawn.instance, logits: [0, 0], maxLength: 1 })).toBeCloseTo(8 / 9 - 1 / 2, 8);
  });

  test("oracle: the same gradient from log-probabilities of whole shifted processes", () => {
    const process = personaZ1r({ variant: "semi-s", weights: [0.8, 0.2] });
    const word = [0, 3, 1, 2];
    const slope =
      (logWordProbability(shiftBlockLogits(process, [0, 1e-4]).process, word) -
        logWordProbability(shiftBlockLogits(process, [0, -1e-4]).process, word)) /
      2e-4;
    expect(slope).toBeCloseTo((blockWeights(process, beliefState(process, word))[1] ?? 0) - 0.2, 8);
  });

  test("evidence from one context raises the weight that every context is predicted with", () => {
    const process = contextPersonas({ contexts: 3, alpha: 0 });
    const assignments = [...process.initial].flatMap((weight, s) => (weight > 0 ? [s] : []));
    expect(assignments).toEqual([0, 7]);
    const { initial, weights } = {
      initial: process.initial,
      weights: blockWeights(process, beliefState(process, [1])),
    };
    expect((weights[7] ?? 0) - (initial[7] ?? 0)).toBeCloseTo(0.4, 12); // .9 / (.9 + .1) - 1/2: the gradient
  });

  test("subjects need blocks of positive weight that cover the states", () => {
    const process = personaZ1r();
    const instance = priorShift.instanceOf({ process, blocks: sectors });
    expect(instance?.logits[0]).toBeCloseTo(Math.log(0.5), 12);
    expect(instance === undefined ? 1 : priorShift.residual(instance)).toBeLessThan(1e-8);
    expect(priorShift.instanceOf({ process })).toBeUndefined();
    expect(priorShift.instanceOf({ process, blocks: [[0, 1, 2]] })).toBeUndefined();
    const certain = personaZ1r({ weights: [1, 0] });
    expect(priorShift.instanceOf({ process: certain, blocks: sectors })).toBeUndefined();
  });

  test("bad input", () => {
    const process = personaZ1r();
    const instance = { process, blocks: sectors, logits: [0, 0] };
    expect(() => priorShift.residual({ ...instance, logits: [0] })).toThrow("logits has 1 entries");
    expect(() => priorShift.residual({ ...instance, logits: [0, Number.NaN] })).toThrow("logits[1] is NaN");
    expect(() => priorShift.residual({ ...instance, blocks: [[0, 1, 2], [3, 4]] })).toThrow("blocks has 5 entries"); // biome-ignore format: two blocks
    expect(() => priorShift.residual({ ...instance, blocks: [[0, 1, 2], [3, 4, 4]] })).toThrow("a state of the blocks"); // biome-ignore format: two blocks
    expect(() => priorShift.residual({ ...instance, maxLength: 0 })).toThrow("maxLength is 0");
  });
});
