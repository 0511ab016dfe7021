import { describe, expect, test } from "vitest";
import { tensorProduct } from "../compose/tensor-product.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
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

  test("a process that is an instance of a class is bounded on both sides", () => {
    class Own implements Process {
      readonly alphabet = z1r.alphabet;
      readonly stateDim = z1r.stateDim;
      readonly initial = z1r.initial;
      readonly normalizer = z1r.normalizer;
      readonly certificate = z1r.certificate;
      step(belief: ArrayLike<number>, token: number, out: Float64Array): number {
        return z1r.step(belief, token, out);
      }
      operator(token: number): Float64Array {
        return z1r.operator(token);
      }
    }
    expect(entropySandwich.residual({ process: new Own() })).toBeLessThan(1e-13);
  });

  test.each([-1, Number.NaN, 0.5])("length %d is refused", (maxLength) => {
    expect(() => entropySandwich.residual({ process: z1r, maxLength })).toThrow(InvalidArgumentError);
  });

  test("more words than fit are refused before they are made", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    const process = tensorProduct(factor, factor, factor, factor, factor);
    expect(() => entropySandwich.residual({ process })).toThrow(UnsupportedError);
  });

  test("without preparations a process other than an HMM has the upper half only", () => {
    const [instance] = without("hidden state");
    expect(instance && entropySandwich.residual({ process: instance.process })).toBeLessThan(1e-13);
  });
});
