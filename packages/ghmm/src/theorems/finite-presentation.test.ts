import { describe, expect, test } from "vitest";
import { InvalidArgumentError, NotConvergedError } from "../numeric/errors.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { rrxor } from "../processes/rrxor.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { finitePresentation } from "./finite-presentation.ts";

describe("finitePresentation (T8)", () => {
  test.each([
    ["even", evenOnes({ p: 0.5 })],
    ["Z1R", zeroOneRandom({ p: 0.5 })],
    ["RRXOR", rrxor()],
  ])("the closed forms of %s are the sums", (_, process) => {
    expect(finitePresentation.residual({ process })).toBeLessThan(1e-9);
  });

  test("sums cut short differ from the closed forms", () => {
    expect(finitePresentation.residual({ process: evenOnes({ p: 0.5 }), maxLength: 10 })).toBeGreaterThan(0.01);
  });

  test("sums that have not arrived are no verdict", () => {
    expect(() => finitePresentation.residual({ process: evenOnes({ p: 0.999 }) })).toThrow(NotConvergedError);
    expect(finitePresentation.residual({ process: evenOnes({ p: 0.99 }), maxLength: 8000 })).toBeLessThan(1e-8);
    const alternating = finitePresentation.counterexamples.find(({ drops }) => drops === "limit");
    expect(alternating && finitePresentation.residual(alternating.instance)).toBeGreaterThan(0.4);
  });

  test.each([0, Number.NaN, 1.5])("%d terms are refused", (maxLength) => {
    expect(() => finitePresentation.residual({ process: rrxor(), maxLength })).toThrow(InvalidArgumentError);
  });

  test("copies of a state keep their bit for ever", () => {
    const copies = finitePresentation.counterexamples.find(({ drops }) => drops === "causal states");
    // E[H[b]] tends to the probability of the copied state, 2/3 bit a step, over 100 steps
    const missed = copies === undefined ? 0 : finitePresentation.residual(copies.instance);
    expect(missed / 100).toBeCloseTo(2 / 3, 1);
  });
});
