import { describe, expect, test } from "vitest";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { entropySandwich } from "./entropy-sandwich.ts";

const z1r = zeroOneRandom({ p: 0.5 });
const without = (drops: string) =>
  entropySandwich.counterexamples.filter((it) => it.drops === drops).map(({ instance }) => instance);

describe("entropySandwich (T7)", () => {
  test("the residual of Mess3 and Z1R is rounding", () => {
    expect(entropySandwich.residual({ process: mess3({ x: 0.15, a: 0.6 }), maxLength: 6 })).toBeLessThan(1e-13);
    expect(entropySandwich.residual({ process: z1r, maxLength: 8 })).toBeLessThan(1e-13);
  });

  test("Z1R from its first state: the third token brings a bit that the second did not", () => {
    const [instance] = without("stationary start");
    expect(instance && entropySandwich.residual(instance)).toBeCloseTo(1, 12);
  });

  test("a qubit along the diagonal: 1.6009 bits from the first token, 1.5 from the next", () => {
    const [instance] = without("hidden state");
    // four outcomes of probability (1 +- 1 / sqrt 2) / 4, twice each
    const p = (1 + Math.SQRT1_2) / 4;
    const first = -2 * (p * Math.log2(p) + (0.5 - p) * Math.log2(0.5 - p));
    expect(instance && entropySandwich.residual(instance)).toBeCloseTo(first - 1.5, 12);
    expect(first - 1.5).toBeGreaterThan(0.1);
  });

  test("without preparations a process other than an HMM has the upper half only", () => {
    const [instance] = without("hidden state");
    expect(instance && entropySandwich.residual({ process: instance.process })).toBeLessThan(1e-13);
  });
});
