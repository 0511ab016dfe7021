import { describe, expect, test } from "vitest";
import { changeBasis } from "../compose/change-basis.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { minimality } from "./minimality.ts";

const without = (drops: string) =>
  minimality.counterexamples.filter((it) => it.drops === drops).map(({ instance }) => minimality.residual(instance));

describe("minimality (T5)", () => {
  test("Z1R has rank three and one intertwiner to itself in other coordinates", () => {
    const first = zeroOneRandom({ p: 0.3 });
    const second = changeBasis(first, [
      [1, 2, 0],
      [0, 1, 0],
      [1, 0, 3],
    ]);
    expect(minimality.residual({ first, second })).toBeLessThan(1e-13);
    expect(minimality.residual({ first: second, second: first })).toBeLessThan(1e-13);
  });

  test("without tokens to see, every dimension but one is redundant", () => {
    // Mess3 at a = 1/3 is three equally likely tokens whatever the state: rank one, two dimensions to spare
    const blind = mess3({ x: 0.2, a: 1 / 3 });
    expect(minimality.residual({ first: blind, second: blind })).toBeGreaterThanOrEqual(2);
  });

  test("a product of two, with more words than can be written down", () => {
    const pair = tensorProduct(zeroOneRandom({ p: 0.3 }), zeroOneRandom({ p: 0.5 }));
    expect(minimality.residual({ first: pair, second: pair })).toBeLessThan(1e-12);
  });

  test("more states than can be decomposed are refused", () => {
    const large = tensorProduct(mess3({ x: 0.15, a: 0.6 }), mess3({ x: 0.1, a: 0.6 }), mess3({ x: 0.2, a: 0.6 }));
    expect(() => minimality.residual({ first: large, second: large })).toThrow(UnsupportedError);
  });

  test("counterexamples: one dimension to spare, other operators, other dimensions", () => {
    expect(without("minimal")[0]).toBeGreaterThanOrEqual(1);
    const [parameter, dimension] = without("same words");
    expect(parameter).toBeGreaterThan(0.05);
    expect(dimension).toBeGreaterThanOrEqual(1);
  });
});
