import { createKey } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import { describe, expect, test } from "vitest";
import * as exported from "./index.ts";
import { theorems } from "./list.ts";

test("the list holds every exported theorem once, in order", () => {
  const found = Object.values(exported).filter((value) => typeof value === "object" && "arbitrary" in value);
  expect(new Set(theorems)).toEqual(new Set(found));
  expect(theorems.map(({ id }) => id)).toEqual(Array.from({ length: 24 }, (_, i) => `T${i + 10}`));
});

describe.each(theorems.map((theorem) => [theorem.id, theorem] as const))("%s", (_, theorem) => {
  test(`holds: ${theorem.name}`, () => {
    const { failure, worst } = checkTheorem(theorem, { runs: 30, key: createKey(20261121) });
    expect(failure).toBeUndefined();
    expect(worst.residual).toBeLessThanOrEqual(worst.tolerance);
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
