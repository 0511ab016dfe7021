import { describe, expect, test } from "vitest";
import { personaZ1r } from "../families/persona-z1r.ts";
import { pureStateFormulas } from "./pure-state-formulas.ts";

describe("pureStateFormulas (T23)", () => {
  test("a product and a maximally correlated belief of three states", () => {
    const product = { belief: [0.06, 0.14, 0.24, 0.56], dimensions: [2, 2] } as const;
    expect(pureStateFormulas.residual(product)).toBeLessThan(1e-13);
    const third = 1 / 3;
    const correlated = { belief: [third, 0, 0, 0, third, 0, 0, 0, third], dimensions: [3, 3] } as const;
    expect(pureStateFormulas.residual(correlated)).toBeLessThan(1e-13);
  });

  test("a dephased pair misses the log-negativity by one bit, half the norm by the sums of powers", () => {
    const [dephased, half] = pureStateFormulas.counterexamples;
    // realignment norm 1 instead of 2, log-negativity 0 instead of 1
    expect(dephased === undefined ? 0 : pureStateFormulas.residual(dephased.instance)).toBeCloseTo(1, 12);
    // s = (1/2, 1/2) / sqrt 2: Renyi-2 entropy is -log2 (1/32) = 5 instead of 1
    expect(half === undefined ? 0 : pureStateFormulas.residual(half.instance)).toBeCloseTo(4, 12);
  });

  test("applies to non-negative starts over two factors", () => {
    const factors = [
      { name: "persona", dimension: 2 },
      { name: "phase", dimension: 3 },
    ];
    const instance = pureStateFormulas.instanceOf({ process: personaZ1r(), factors });
    expect(instance === undefined ? 1 : pureStateFormulas.residual(instance)).toBeLessThan(1e-12);
    expect(pureStateFormulas.instanceOf({ process: personaZ1r() })).toBeUndefined();
  });
});
