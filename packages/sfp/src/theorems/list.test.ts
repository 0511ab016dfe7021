import { changeBasis, createKey, mess3, tensorProduct, UnsupportedError, zeroOneRandom } from "@semifactor/ghmm";
import { checkTheorem, type TheoremSubject } from "@semifactor/ghmm/theorems";
import { describe, expect, test } from "vitest";
import { leakySector } from "../families/leaky-sector.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import * as exported from "./index.ts";
import { theorems } from "./list.ts";

test("the list holds every exported theorem once, in order", () => {
  const found = Object.values(exported).filter((value) => typeof value === "object" && "arbitrary" in value);
  expect(new Set(theorems)).toEqual(new Set(found));
  expect(theorems.map(({ id }) => id)).toEqual(Array.from({ length: 24 }, (_, i) => `T${i + 10}`));
});

/** Processes that lack what some theorems suppose: a theorem may refuse them, and must not call itself false. */
const lacking: readonly (readonly [string, TheoremSubject])[] = (() => {
  const { process, structure, partition } = leakySector({ leak: 0.3 });
  const leaky = { process, factors: structure.factors, blocks: partition.blocks.map(({ states }) => states) };
  const upper = (d: number) =>
    Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : i < j ? 0.3 : 0)));
  const turned = changeBasis(tensorProduct(zeroOneRandom({ p: 0.5 }), mess3({ x: 0.15, a: 0.6 })), upper(9));
  const persona = personaZ1r({ variant: "semi" });
  const sectors = persona.partition.blocks.map(({ states }) => states);
  return [
    ["blocks that leak", { ...leaky, tokenSizes: [2, 2] }],
    ["another normalizer", { process: turned, factors: [{ name: "a", dimension: 3 }, { name: "c", dimension: 3 }], tokenSizes: [2, 3] }],
    ["no longer a product", { process: changeBasis(persona, upper(6)), factors: persona.structure.factors, blocks: sectors, tokenSizes: [2, 2] }],
  ]; // biome-ignore format: one line each
})();

describe.each(theorems.map((theorem) => [theorem.id, theorem] as const))("%s", (_, theorem) => {
  test(`holds: ${theorem.name}`, () => {
    const { failure, worst } = checkTheorem(theorem, { runs: 30, key: createKey(20261121) });
    expect(failure).toBeUndefined();
    expect(worst.residual).toBeLessThanOrEqual(worst.tolerance);
  });

  test.each(lacking)("is not called false by a subject with %s", (_name, subject) => {
    try {
      expect(checkTheorem(theorem, { subject }).failure).toBeUndefined();
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedError);
      expect(String(error)).toContain("does not apply");
    }
  });

  test("fails without each hypothesis, by more than rounding", () => {
    const dropped = theorem.counterexamples.map(({ drops }) => drops);
    for (const { id } of theorem.hypotheses) expect(dropped).toContain(id);
    for (const { drops, instance } of theorem.counterexamples) {
      expect(theorem.hypotheses.map(({ id }) => id)).toContain(drops);
      const residual = theorem.residual(instance);
      expect(residual).toBeGreaterThan(5e-4);
      expect(residual).toBeGreaterThan(theorem.tolerance(instance));
    }
  });
});
