import { describe, expect, test } from "vitest";
import { mess3 } from "../processes/mess3.ts";
import { normalization } from "./normalization.ts";

const without = (drops: string) => normalization.counterexamples.filter((it) => it.drops === drops);

describe("normalization (T1)", () => {
  test("the residual of Mess3 is rounding up to words of six tokens", () => {
    expect(normalization.residual({ process: mess3({ x: 0.15, a: 0.6 }), maxLength: 6 })).toBeLessThan(1e-14);
  });

  test("counterexamples miss by what arithmetic says", () => {
    // 1 - 0.9^3; P = 2 instead of 1; P(00) + P(10) = 1/4 + 1/2 instead of P(0) = 1/2
    expect(without("fixed normalizer").map(({ instance }) => normalization.residual(instance))[0]).toBeCloseTo(
      0.271,
      12,
    );
    expect(without("normalized start").map(({ instance }) => normalization.residual(instance))[0]).toBeCloseTo(1, 12);
    expect(without("stationary start").map(({ instance }) => normalization.residual(instance))[0]).toBeCloseTo(
      0.25,
      12,
    );
  });
});
