import { describe, expect, test } from "vitest";
import { changeBasis } from "../compose/change-basis.ts";
import { mess3 } from "../processes/mess3.ts";
import { affineBeliefs } from "./affine-beliefs.ts";

const process = mess3({ x: 0.15, a: 0.6 });

describe("affineBeliefs (T3)", () => {
  test("an undivided state misses by one minus the probability of its word", () => {
    const instance = { process, word: [0, 1], dividedBy: "none" } as const;
    expect(affineBeliefs.residual(instance)).toBeCloseTo(1 - 0.101333333333, 10); // GOLDEN 21: P(01)
  });

  test("signs are held against a process only where the claim is made", () => {
    const basis = [
      [1, 0, 0],
      [1, 1, 0],
      [0, 1, 1],
    ];
    const signed = changeBasis(process, basis);
    // the belief b S^-1 after 222: its second entry is b_1 - b_2, near -0.7
    expect(affineBeliefs.residual({ process: signed, word: [2, 2, 2] })).toBeLessThan(1e-14);
    expect(affineBeliefs.residual({ process: signed, word: [2, 2, 2], nonNegative: true })).toBeGreaterThan(0.3);
  });
});
