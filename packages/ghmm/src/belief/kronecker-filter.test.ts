import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm } from "../arbitraries/index.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { mess3 } from "../processes/mess3.ts";
import { emptyWork, largestDifference, workFor } from "./_testing/filters.ts";
import { filterByStep } from "./filter-kernel.ts";
import { filterProduct } from "./kronecker-filter.ts";
import { independentFactors } from "./kronecker-initial.ts";

const factor = mess3({ x: 0.15, a: 0.6 });
const threeOf = fc.tuple(hmm({ maxTokens: 2 }), hmm({ maxTokens: 2 }), hmm({ maxTokens: 2 }));

describe("filterProduct", () => {
  test.prop([threeOf], { numRuns: 20 })("does what single steps of the joint process do", (factors) => {
    const process = tensorProduct(factor, factor, ...factors);
    const product = independentFactors(process);
    if (product === undefined) return;
    const [work, expected] = [workFor(process, 3, 9), workFor(process, 3, 9)];
    expect(filterProduct(product, work)).toBe(true);
    filterByStep(process, expected);
    expect(largestDifference(work.beliefs, expected.beliefs)).toBeLessThan(1e-12);
    expect(largestDifference(work.probabilities, expected.probabilities)).toBeLessThan(1e-12);
  });

  test("refuses tokens of another alphabet", () => {
    const process = tensorProduct(factor, factor, factor);
    const product = independentFactors(process);
    expect(product).toBeDefined();
    for (const token of [-1, 27]) {
      const work = emptyWork(process, Int32Array.of(0, token), 1, 2);
      expect(product && filterProduct(product, work)).toBe(false);
    }
  });
});
