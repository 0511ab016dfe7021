import {
  beliefState,
  InvalidArgumentError,
  type Process,
  ShapeError,
  wordProbability,
  ZeroProbabilityError,
} from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { chainedProcess, independentProcess } from "../arbitraries/products.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import type { Intervention } from "./intervention.ts";
import { interventionEffect } from "./intervention-effect.ts";
import { projectOntoBlock } from "./project-onto-block.ts";
import { resetFactor } from "./reset-factor.ts";

/** Law of the words of `length` tokens of one of two parts, from a belief, by enumeration. */
function futureLaw(process: Process, initial: Float64Array, sizes: readonly number[], part: number, length: number) {
  const law = new Map<string, number>();
  for (const { tokens, probability } of wordsOfLength({ ...process, initial }, length)) {
    const key = tokens
      .map((token) => (part === 0 ? Math.floor(token / (sizes[1] ?? 1)) : token % (sizes[1] ?? 1)))
      .join();
    law.set(key, (law.get(key) ?? 0) + probability);
  }
  return law;
}

function distance(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  return Math.max(...[...first].map(([key, value]) => Math.abs(value - (second.get(key) ?? 0))));
}

/** The verdicts of words of three tokens after every history of up to two, conditioned on every capability state. */
function bruteForce(
  process: Process,
  sizes: readonly number[],
  dimensions: readonly [number, number],
  reset: Intervention,
) {
  const [dA, dC] = dimensions;
  let [spread, change] = [0, 0];
  const reference = futureLaw(process, reset.apply(process.initial), sizes, 0, 3);
  for (const { belief } of [0, 1, 2].flatMap((length) => wordsOfLength(process, length))) {
    const pair = [belief, reset.apply(belief)].map((each) => futureLaw(process, each, sizes, 1, 3));
    change = Math.max(change, distance(pair[0] ?? new Map(), pair[1] ?? new Map()));
    for (let c = 0; c < dC; c++) {
      const slice = belief.map((value, s) => (s % dC === c ? value : 0));
      if (slice.reduce((sum, value) => sum + value, 0) < 1e-12) continue;
      spread = Math.max(spread, distance(futureLaw(process, reset.apply(slice), sizes, 0, 3), reference));
    }
  }
  expect(dA * dC).toBe(process.stateDim);
  return { spread, change };
}

describe("interventionEffect: what THEORY says", () => {
  // theory notes 2.6b: G_s = (1 - theta) + theta (1, 0, -1)
  test.each([0, 0.25, 0.5, 0.75, 1])(
    "PM at theta %d: normalised shift, its mean and the fraction above 1/2",
    (theta) => {
      const process = personaMess3({ theta });
      const effect = interventionEffect(process, resetFactor(process.structure, { factor: "persona", to: 1 }), {
        tokenSizes: [2, 3],
      });
      effect.states.forEach(({ generalization, shift, weight }, s) => {
        const expected = 1 - theta + theta * (1 - s);
        expect(generalization).toBeCloseTo(expected, 12);
        expect(shift).toBeCloseTo(0.25 * Math.abs(expected), 12); // from an even prior: half of delta
        expect(weight).toBeCloseTo(1 / 3, 14);
      });
      expect(effect.meanGeneralization).toBeCloseTo(1 - theta, 12);
      expect(effect.fractionShifted).toBeCloseTo(
        theta === 0 ? 1 : [1, 1 - theta, 1 - 2 * theta].filter((g) => g > 0.5).length / 3,
        12,
      );
      expect(effect.global).toBe(theta === 0);
      expect(effect.specific).toBe(true); // y is Mess3, whatever the persona
    },
  );

  test("PM: the fraction is 1 at theta 0 and 1/3 at theta 1", () => {
    const fraction = (theta: number) => {
      const process = personaMess3({ theta });
      return interventionEffect(process, projectOntoBlock(process, 1), { tokenSizes: [2, 3] }).fractionShifted;
    };
    expect([fraction(0), fraction(1)]).toEqual([1, 1 / 3]);
  });

  test("semi-factored P6: the marks follow everywhere, but the capability's tokens change too", () => {
    const process = personaZ1r({ variant: "semi" });
    const reset = resetFactor(process.structure, { factor: "persona", to: 1 });
    expect(interventionEffect(process, reset, { tokenSizes: [2, 2] })).toMatchObject({
      global: true,
      specific: false,
      fractionShifted: 1,
    });
    const marked = personaZ1r({ variant: "semi-s" });
    const effect = interventionEffect(marked, reset, { tokenSizes: [2, 2] });
    expect([effect.global, effect.specific]).toEqual([false, false]);
    const factored = personaZ1r({ variant: "factored" });
    expect(interventionEffect(factored, reset, { tokenSizes: [2, 2] })).toMatchObject({ global: true, specific: true });
  });

  test("a shift that counts as 1 can be given: half the effect of full certainty", () => {
    const process = personaMess3({ theta: 0 });
    const reset = resetFactor(process.structure, { factor: "persona", to: 1 });
    const effect = interventionEffect(process, reset, { tokenSizes: [2, 3], fullShift: [-0.5, 0.5] });
    expect(effect.meanGeneralization).toBeCloseTo(0.5, 12);
    expect(Array.from(effect.fullShift)).toEqual([-0.5, 0.5]);
  });

  test("a history synchronises the capability: one state is left, and the laws are those after it", () => {
    const process = personaZ1r({ variant: "semi" });
    const reset = resetFactor(process.structure, { factor: "persona", to: 1 });
    const effect = interventionEffect(process, reset, { tokenSizes: [2, 2], history: [0, 0, 1] });
    expect(effect.states.map(({ state }) => state)).toEqual([2]);
    const belief = beliefState(process, [0, 0, 1]);
    const misaligned = (belief[3] ?? 0) + (belief[4] ?? 0) + (belief[5] ?? 0);
    expect(effect.states[0]?.before[1]).toBeCloseTo(0.25 + 0.5 * misaligned, 12);
    expect(effect.states[0]?.after[1]).toBeCloseTo(0.75, 12);
  });
});

describe("interventionEffect: verdicts against enumeration", () => {
  test("T26: a reset of a factored process is global and specific", () => {
    fc.assert(
      fc.property(independentProcess(), ({ process, structure, tokenSizes }) => {
        const reset = resetFactor(structure, { factor: "alignment", to: 0 });
        const effect = interventionEffect(process, reset, { structure, tokenSizes });
        expect([effect.global, effect.specific]).toEqual([true, true]);
        expect(effect.globalDefect).toBeLessThan(1e-12);
        const [a, c] = structure.factors;
        const { spread, change } = bruteForce(process, tokenSizes, [a.dimension, c.dimension], reset);
        expect(Math.max(spread, change)).toBeLessThan(1e-12);
      }),
      { numRuns: 15 },
    );
  });

  test("in a chain it is global; the second factor follows the tokens", () => {
    fc.assert(
      fc.property(chainedProcess(), ({ process, structure, tokenSizes }) => {
        const reset = resetFactor(structure, { factor: "alignment", to: 0 });
        const effect = interventionEffect(process, reset, { structure, tokenSizes });
        expect(effect.global).toBe(true);
        const [a, c] = structure.factors;
        const { spread, change } = bruteForce(process, tokenSizes, [a.dimension, c.dimension], reset);
        expect(spread).toBeLessThan(1e-12);
        if (change > 1e-6) expect(effect.specific).toBe(false);
        if (effect.specific) expect(change).toBeLessThan(1e-8);
      }),
      { numRuns: 15 },
    );
  });

  test("in a generic process it is neither", () => {
    const structure = tensorStructure({
      factors: [
        { name: "alignment", dimension: 2 },
        { name: "capability", dimension: 2 },
      ],
    });
    const generic = hmm({ maxStates: 4, maxTokens: 4 }).filter((it) => it.stateDim === 4 && it.alphabet.length === 4);
    const reset = resetFactor(structure, { factor: "alignment", to: 0 });
    fc.assert(
      fc.property(generic, (process) => {
        const effect = interventionEffect(process, reset, { structure, tokenSizes: [2, 2] });
        const { spread, change } = bruteForce(process, [2, 2], [2, 2], reset);
        expect([spread > 1e-9, change > 1e-9]).toEqual([!effect.global, !effect.specific]);
        expect([effect.global, effect.specific]).toEqual([false, false]);
      }),
      { numRuns: 15 },
    );
  });

  test("laws before and after are those of the conditioned beliefs", () => {
    const process = personaMess3({ theta: 0.7 });
    const reset = resetFactor(process.structure, { factor: "persona", to: 0 });
    const { states } = interventionEffect(process, reset, { tokenSizes: [2, 3], history: [4, 1] });
    const belief = beliefState(process, [4, 1]);
    states.forEach(({ state, weight, before }) => {
      expect(weight).toBeCloseTo((belief[state] ?? 0) + (belief[3 + state] ?? 0), 14);
      const initial = belief.map((value, s) => (s % 3 === state ? value / weight : 0));
      const marked = [3, 4, 5].reduce((sum, token) => sum + wordProbability({ ...process, initial }, [token]), 0);
      expect(before[1]).toBeCloseTo(marked, 13);
    });
  });
});

describe("interventionEffect refuses", () => {
  const process = personaZ1r();
  const reset = resetFactor(process.structure, { factor: "persona", to: 1 });
  const sizes = { tokenSizes: [2, 2] };

  test.each<[string, () => unknown, string]>([
    ["a token without parts", () => interventionEffect(process, reset, { tokenSizes: [3, 2] }), "sizes is [3, 2]"],
    ["a part that does not exist", () => interventionEffect(process, reset, { ...sizes, part: 2 }), "part is 2"],
    ["a factor that does not exist", () => interventionEffect(process, reset, { ...sizes, factor: "x" }), '"x"'],
    [
      "a NaN tolerance",
      () => interventionEffect(process, reset, { ...sizes, tolerance: Number.NaN }),
      "tolerance is NaN",
    ],
    ["too long words", () => interventionEffect(process, reset, { ...sizes, maxLength: 9 }), "maxLength is 9"],
    ["a negative horizon", () => interventionEffect(process, reset, { ...sizes, horizon: -1 }), "horizon is -1"],
    [
      "a shift that is no number",
      () => interventionEffect(process, reset, { ...sizes, fullShift: [0, Number.NaN] }),
      "fullShift[1] is NaN",
    ],
    [
      "a shift of nothing",
      () => interventionEffect(process, reset, { ...sizes, fullShift: [0, 0] }),
      "fullShift is zero",
    ],
    ["no process", () => interventionEffect(JSON.parse("null"), reset, sizes), "process is no process"],
    [
      "no intervention",
      () => interventionEffect(process, JSON.parse("null"), sizes),
      "intervention.matrix is undefined",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });

  test("an outcome possible only where the other factors next to never are", () => {
    // persona 1 has weight in one phase only, and 1e-13 of it
    const initial = Float64Array.of(1 - 1e-13, 0, 0, 0, 0, 1e-13);
    const rare = { ...process, initial };
    expect(() => interventionEffect(rare, projectOntoBlock(process, 1), sizes)).toThrow("next to none");
  });

  test("interventions of another size, structures of another size, impossible histories", () => {
    const other = personaMess3();
    expect(() => interventionEffect(other, { ...reset, matrix: new Float64Array(4) }, { tokenSizes: [2, 3] })).toThrow(
      ShapeError,
    );
    const small = tensorStructure({
      factors: [
        { name: "a", dimension: 2 },
        { name: "c", dimension: 2 },
      ],
    });
    expect(() => interventionEffect(process, reset, { ...sizes, structure: small })).toThrow(InvalidArgumentError);
    expect(() => interventionEffect(process, reset, { ...sizes, history: [0, 0, 0] })).toThrow(ZeroProbabilityError);
    const { structure: _, ...bare } = process;
    expect(() => interventionEffect(bare, reset, sizes)).toThrow("the process has no structure");
  });
});
