import { describe, expect, test } from "vitest";
import { tensorProduct } from "../compose/tensor-product.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { independentProduct } from "./independent-product.ts";

describe("independentProduct (T9)", () => {
  test("holds for a product of three factors, whose second factor is a product", () => {
    const [first, pair] = [zeroOneRandom({ p: 0.3 }), tensorProduct(mess3({ x: 0.15, a: 0.6 }), coin({ p: 0.2 }))];
    expect(independentProduct.residual({ first, second: pair, joint: tensorProduct(first, pair) })).toBeLessThan(1e-14);
  });

  test("the order of the factors matters to the names of the joint tokens", () => {
    const [first, second] = [zeroOneRandom({ p: 0.5 }), coin({ p: 0.1 })];
    expect(independentProduct.residual({ first, second, joint: tensorProduct(second, first) })).toBeGreaterThan(0.1);
  });

  test("two processes in the same phase miss by their common information", () => {
    const [copy, phases] = independentProduct.counterexamples;
    // two tosses: H = 2 bits instead of 4
    expect(copy && independentProduct.residual(copy.instance)).toBeCloseTo(2, 12);
    expect(phases && independentProduct.residual(phases.instance)).toBeGreaterThan(0.3);
  });
});
