import { mess3, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { type EffectPersistence, effectPersistence } from "./effect-persistence.ts";
import { flipFactor } from "./flip-factor.ts";
import { interventionEffect } from "./intervention-effect.ts";
import { projectOntoBlock } from "./project-onto-block.ts";
import { resetFactor } from "./reset-factor.ts";

function expectExact({ factor, expected }: EffectPersistence): void {
  expect(expected).toBeDefined();
  factor.forEach((value, t) => {
    expect(Math.abs(value - (expected?.factor[t] ?? Number.NaN))).toBeLessThan(1e-12);
  });
}

describe("effectPersistence", () => {
  test("T28: a leaky sector forgets by (1 - lambda)^(visits to SR)", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(2), (leak, phase) => {
        const { process, structure } = leakySector({ leak });
        const initial = Float64Array.from({ length: 6 }, (_, s) => (s === phase ? 1 : 0));
        const reset = resetFactor(structure, { factor: "persona", to: 1 });
        const options = { structure, tokenSizes: [2, 2], horizon: 12 };
        const { persistence } = interventionEffect({ ...process, initial }, reset, options);
        persistence.law.forEach((value, t) => {
          const visits = Math.floor((t + phase) / 3); // steps out of SR, phase 2, before time t
          expect(Math.abs(value - 0.5 * (1 - leak) ** visits)).toBeLessThan(1e-12);
          expect(Math.abs((persistence.factor[t] ?? 0) - (1 - leak) ** visits)).toBeLessThan(1e-12);
        });
        expectExact(persistence);
        const memory = Array.from(persistence.expected?.memory ?? []);
        memory.forEach((mu, c) => {
          expect(mu).toBeCloseTo(c === 2 ? 1 - leak : 1, 12);
        });
        expect(persistence.expected?.rate).toBeCloseTo((1 - leak) ** (1 / 3), 4); // a cubic root near 0 has 5 digits
      }),
    );
  });

  test("T28: the weights of blocks never forget, whatever happens inside", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), (process) => {
        const { initial, structure, partition } = process;
        const { blocks } = effectPersistence({
          process,
          structure,
          partition,
          factor: structure.factors[0].name,
          before: initial,
          after: projectOntoBlock(process, 0).apply(initial),
          horizon: 10,
          law: (belief) => belief,
        });
        blocks?.forEach((value) => {
          expect(Math.abs(value - (blocks[0] ?? 0))).toBeLessThan(1e-12);
        });
        expect(blocks?.[0]).toBeGreaterThan(0);
      }),
    );
  });

  test("a persona is for ever: decay 1", () => {
    const process = personaZ1r();
    const { persistence } = interventionEffect(process, resetFactor(process.structure, { factor: "persona", to: 1 }), {
      tokenSizes: [2, 2],
    });
    expect(persistence.decay).toBeCloseTo(1, 12);
    expect(persistence.law[8]).toBeCloseTo(0.25, 12);
    expect(persistence.expected).toMatchObject({ kind: "memory" });
    expect(persistence.expected?.rate).toBeCloseTo(1, 12);
    expectExact(persistence);
  });

  test("a mixing factor forgets by lambda_2: Mess3 has 1 - 3 x", () => {
    const process = tensorProduct(mess3({ x: 0.15, a: 0.6 }), zeroOneRandom({ p: 0.3 }));
    const structure = tensorStructure({
      factors: [
        { name: "alignment", dimension: 3 },
        { name: "capability", dimension: 3 },
      ],
    });
    const { persistence } = interventionEffect(process, resetFactor(structure, { factor: "alignment", to: 0 }), {
      structure,
      tokenSizes: [3, 2],
      horizon: 20,
    });
    expect(persistence.decay).toBeCloseTo(0.55, 10);
    expect(persistence.expected?.rate).toBeCloseTo(0.55, 12);
    expectExact(persistence);
    expect(persistence.blocks).toBeUndefined();
  });

  test("where nothing changes there is no decay to fit, and the horizon may be 0", () => {
    const process = personaZ1r();
    const none = interventionEffect(process, flipFactor(process.structure, { factor: "persona", map: [0, 1] }), {
      tokenSizes: [2, 2],
      horizon: 0,
    });
    expect(none.persistence.decay).toBeUndefined();
    expect(Array.from(none.persistence.law)).toEqual([0]);
    expect(Array.from(none.persistence.blocks ?? [])).toEqual([0]);
  });

  test("the target may be a later factor: a factor of three, reset in the middle", () => {
    const process = tensorProduct(zeroOneRandom({ p: 0.5 }), mess3({ x: 0.1, a: 0.6 }), mess3({ x: 0.2, a: 0.7 }));
    const structure = tensorStructure({
      factors: [
        { name: "a", dimension: 3 },
        { name: "b", dimension: 3 },
        { name: "c", dimension: 3 },
      ],
    });
    const effect = interventionEffect(process, resetFactor(structure, { factor: "b", to: 1 }), {
      structure,
      tokenSizes: [2, 3, 3],
      factor: "b",
      maxLength: 1,
    });
    expect([effect.global, effect.specific]).toEqual([true, true]);
    expect(effect.persistence.decay).toBeCloseTo(0.7, 10);
    expectExact(effect.persistence);
  });

  test("a sector that leaks at 0 is the semi-factored one", () => {
    const { process, structure } = leakySector({ leak: 0 });
    const whole = semiFactored({ process, structure, blocks: "sectors", tokenSizes: [2, 2] });
    const effect = interventionEffect(whole, projectOntoBlock(whole, 1));
    expect(Array.from(effect.persistence.blocks ?? []).map((value) => value.toFixed(12))).toEqual(
      new Array(9).fill("0.500000000000"),
    );
  });
});
