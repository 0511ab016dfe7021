import { describe, expect, test } from "vitest";
import { createKey } from "../random/key.ts";
import { checkTheorem } from "./check-theorem.ts";
import * as exported from "./index.ts";
import type { Theorem } from "./theorem.ts";

const isTheorem = (value: unknown): value is Theorem<unknown> =>
  typeof value === "object" && value !== null && "arbitrary" in value;
const theorems = Object.values(exported).filter(isTheorem);

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
