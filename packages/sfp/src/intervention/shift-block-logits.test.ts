import { beliefState, InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { blockWeights, withBlockWeights } from "../structure/blocks.ts";
import { interventionEffect } from "./intervention-effect.ts";
import { shiftBlockLogits } from "./shift-block-logits.ts";

const shifts = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 9, maxLength: 9 });

describe("shiftBlockLogits", () => {
  test("the belief of the shifted process is the shifted belief, after every history", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), shifts, fc.array(fc.nat(1), { maxLength: 6 }), (process, drawn, word) => {
        const shift = drawn.slice(0, process.partition.blocks.length);
        const shifted = shiftBlockLogits(process, shift);
        const belief = beliefState(shifted.process, word);
        shifted.intervention.apply(beliefState(process, word)).forEach((value, s) => {
          expect(Math.abs(value - (belief[s] ?? 0))).toBeLessThan(1e-12);
        });
      }),
    );
  });

  test("log odds of two blocks move by the difference of their shifts", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), shifts, (process, drawn) => {
        const shift = drawn.slice(0, process.partition.blocks.length);
        const { weights, process: shifted } = shiftBlockLogits(process, shift);
        const old = blockWeights(process, process.initial);
        const moved = Math.log((weights[0] ?? 0) / (weights[1] ?? 0)) - Math.log((old[0] ?? 0) / (old[1] ?? 0));
        expect(moved).toBeCloseTo((shift[0] ?? 0) - (shift[1] ?? 0), 10);
        blockWeights(shifted, shifted.initial).forEach((weight, beta) => {
          expect(weight).toBeCloseTo(weights[beta] ?? -1, 14);
        });
      }),
    );
  });

  test("a number added to all shifts changes nothing, and far shifts do not overflow", () => {
    const process = personaZ1r({ weights: [0.25, 0.75] });
    const plain = shiftBlockLogits(process, [0, 1]).weights;
    const moved = shiftBlockLogits(process, [200, 201]).weights;
    expect(moved[0]).toBeCloseTo(plain[0] ?? -1, 14);
    expect(shiftBlockLogits(process, [-300, 300]).weights[1]).toBe(1);
    const certain = withBlockWeights(process, [1, 0]);
    expect(Array.from(shiftBlockLogits(certain, [-300, 300]).weights)).toEqual([1, 0]);
    const low = shiftBlockLogits(certain, [-300, 0]).intervention.apply(certain.initial);
    expect(low[0]).toBeCloseTo(1 / 3, 14);
  });

  test("golden: odds of 1 to 99 become even; only the moved block's directions change", () => {
    const { weights, intervention } = shiftBlockLogits(personaZ1r({ weights: [0.99, 0.01] }), [0, Math.log(99)]);
    expect(weights[0]).toBeCloseTo(0.5, 12);
    expect([intervention.rank, intervention.changeRank]).toEqual([6, 3]);
    expect(intervention.matrix[0]).toBe(1);
    expect(intervention.matrix[35]).toBeCloseTo(99, 10);
  });

  test("a number added to every shift changes no effect, however far down it takes them", () => {
    const process = personaZ1r({ variant: "semi" });
    const effect = (shift: readonly number[]) =>
      interventionEffect(process, shiftBlockLogits(process, shift).intervention, { tokenSizes: [2, 2] });
    const plain = effect([0, 1]);
    expect(plain.meanGeneralization).toBeCloseTo(1, 12);
    expect([plain.global, plain.specific]).toEqual([false, false]);
    for (const down of [-40, -150, -299]) {
      const shifted = effect([down, down + 1]);
      expect(shifted.states.length).toBe(3);
      expect(shifted.meanGeneralization).toBeCloseTo(1, 12);
      expect(shifted.globalDefect).toBeCloseTo(plain.globalDefect, 12);
      expect(shifted.specificDefect).toBeCloseTo(plain.specificDefect, 12);
    }
  });

  test("refuses other than one number per block", () => {
    const process = personaZ1r();
    expect(() => shiftBlockLogits(process, [0])).toThrow(ShapeError);
    expect(() => shiftBlockLogits(process, [0, Number.NaN])).toThrow("shiftBlockLogits: shift[1] is NaN");
    expect(() => shiftBlockLogits(process, [0, 301])).toThrow("shift[1] is 301");
    expect(() => shiftBlockLogits(process, [Number.NEGATIVE_INFINITY, 0])).toThrow(InvalidArgumentError);
  });
});
