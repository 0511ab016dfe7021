import { changeBasis, evenOnes, goldenMean, mess3, rrxor, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findBlocks } from "../discover/find-blocks.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { commutatorDefect } from "../structure/commutator.ts";
import { coordinateProjector } from "./_internal/projectors.ts";
import { blockCommutant } from "./block-commutant.ts";

const flat = [0.25, 0.25, 0.25] as const;
const identical = personaZ1r({ random: [0.3, 0.3], marked: [flat, flat] });
const personas = [
  [0, 1, 2],
  [3, 4, 5],
];

describe("blockCommutant (T14)", () => {
  test("holds on random instances and fails without each hypothesis", () => {
    const { holds, counterexamples } = checkTheorem(blockCommutant);
    expect(holds).toBe(true);
    const [alone, alike, coarse] = counterexamples.map(({ residual }) => residual);
    expect(alone).toBeCloseTo(0.2, 14); // the leak
    expect(alike).toBeGreaterThanOrEqual(2); // dimension four instead of two
    expect(coarse).toBeGreaterThanOrEqual(1); // three instead of two
  });

  test("random instances are closed or leak, some in coordinates that are not orthogonal", () => {
    const drawn = fc.sample(blockCommutant.arbitrary, 100);
    const defects = drawn.map(({ process, projectors }) => commutatorDefect(process, projectors[0] ?? []).defect);
    expect(defects.filter((defect) => defect < 1e-12).length).toBeGreaterThan(40);
    expect(defects.filter((defect) => defect > 1e-9).length).toBeGreaterThan(10);
    expect(drawn.filter(({ basis }) => basis !== undefined).length).toBeGreaterThan(20);
  });

  // theory notes, T14
  test.each([
    ["Z1R", 1, zeroOneRandom({ p: 0.5 })],
    ["Mess3", 1, mess3({ x: 0.15, a: 0.6 })],
    ["RRXOR", 1, rrxor({ p1: 0.5, p2: 0.5 })],
    ["Mess3 x Mess3", 1, tensorProduct(mess3({ x: 0.15, a: 0.6 }), mess3({ x: 0.15, a: 0.6 }))],
    ["even x golden mean", 1, tensorProduct(evenOnes({ p: 0.5 }), goldenMean({ p: 0.5 }))],
    ["Z9", 3, phaseLockedZ1r({ kappa: 0.5 })],
    ["P6", 2, personaZ1r()],
    ["two identical personas", 4, identical],
  ])("the commutant of %s has dimension %i", (_, dimension, process) => {
    expect(findBlocks(process).commutantDimension).toBe(dimension);
  });

  test("a leak in one direction: the closed block alone is invariant, both together are not", () => {
    const absorbing = blockCommutant.counterexamples[0]?.instance.process;
    expect(absorbing).toBeDefined();
    if (absorbing === undefined) return;
    const [open, closed] = [coordinateProjector(2, [0]), coordinateProjector(2, [1])];
    expect(blockCommutant.residual({ process: absorbing, projectors: [closed] })).toBeCloseTo(0.2, 14);
    expect(blockCommutant.residual({ process: absorbing, projectors: [open, closed] })).toBe(0);
  });

  test("P6 scrambled: weights are recovered in other coordinates", () => {
    const process = personaZ1r({ weights: [0.3, 0.7] });
    const instance = blockCommutant.instanceOf({ process, blocks: personas });
    expect(instance === undefined ? 1 : blockCommutant.residual(instance)).toBeLessThan(1e-10);
    const basis = instance?.basis ?? [];
    const rows = Array.from({ length: 6 }, (_, i) => Array.from(basis).slice(6 * i, 6 * i + 6));
    const weights = findBlocks(changeBasis(process, rows)).blocks.map(({ weight }) => weight);
    expect(weights[0]).toBeCloseTo(0.7, 12);
    expect(weights[1]).toBeCloseTo(0.3, 12);
  });

  test("a subject needs finest blocks that differ", () => {
    const blocks = personas;
    expect(blockCommutant.instanceOf({ process: personaZ1r(), blocks })?.projectors.length).toBe(2);
    expect(blockCommutant.instanceOf({ process: personaZ1r() })).toBeUndefined();
    expect(blockCommutant.instanceOf({ process: leakySector({ leak: 0.1 }).process, blocks })).toBeUndefined();
    expect(blockCommutant.instanceOf({ process: identical, blocks })).toBeUndefined();
    const coarse = [
      [0, 4, 8],
      [1, 2, 3, 5, 6, 7],
    ];
    expect(blockCommutant.instanceOf({ process: phaseLockedZ1r(), blocks: coarse })).toBeUndefined();
  });

  test("bad input", () => {
    const process = personaZ1r();
    expect(() => blockCommutant.residual({ process, projectors: [] })).toThrow("projectors is empty");
    expect(() => blockCommutant.residual({ process, projectors: [[1]] })).toThrow("projectors[0] has 1 entries");
    const projectors = personas.map((states) => coordinateProjector(6, states));
    expect(() => blockCommutant.residual({ process, projectors, basis: [1] })).toThrow("basis has 1 entries");
  });
});
