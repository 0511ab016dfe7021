import { describe, expect, test } from "vitest";
import { createKey } from "../random/key.ts";
import { checkTheorem } from "./check-theorem.ts";
import * as exported from "./index.ts";
import { theorems } from "./list.ts";

test("the list holds every exported theorem once, in order", () => {
  const found = Object.values(exported).filter((value) => typeof value === "object" && "arbitrary" in value);
  expect(new Set(theorems)).toEqual(new Set(found));
  const ids = theorems.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
});

describe.each(theorems.map((theorem) => [theorem.id, theorem] as const))("%s", (_, theorem) => {
  test(`holds: ${theorem.name}`, () => {
    const { failure, worst } = checkTheorem(theorem, { runs: 60, key: createKey(20261121) });
    expect(failure).toBeUndefined();
    expect(worst.residual).toBeLessThanOrEqual(worst.tolerance);
  });

  test.each(theorem.counterexamples.map((it) => [it.drops, it] as const))("needs: %s", (drops, { instance }) => {
    expect(theorem.hypotheses.map(({ id }) => id)).toContain(drops);
    // no rounding error: a counterexample misses by more than a hundredth
    expect(theorem.residual(instance)).toBeGreaterThan(0.01);
    expect(theorem.residual(instance)).toBeGreaterThan(100 * theorem.tolerance(instance));
  });

  test("has a counterexample for every hypothesis", () => {
    const dropped = theorem.counterexamples.map(({ drops }) => drops);
    for (const { id } of theorem.hypotheses) expect(dropped).toContain(id);
  });
});
