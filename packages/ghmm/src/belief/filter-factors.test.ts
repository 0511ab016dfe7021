import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { kroneckerVector } from "../numeric/matrix.ts";
import { createHmm } from "../process/create.ts";
import { withStorage } from "../process/with-storage.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey } from "../random/key.ts";
import { largestDifference } from "./_testing/filters.ts";
import { filterBeliefs } from "./filter.ts";
import { filterFactorBeliefs } from "./filter-factors.ts";
import { sampleSequences } from "./sample.ts";

const factor = mess3({ x: 0.15, a: 0.6 });
const signed = gaugeTransformed({ maxStates: 3, maxTokens: 2 }).map(({ ghmm }) => ghmm);
const products = fc
  .tuple(fc.oneof(hmm({ maxStates: 3, maxTokens: 2 }), signed), fc.oneof(hmm({ maxStates: 3, maxTokens: 2 }), signed))
  .map(([first, second]) => tensorProduct(factor, first, second, factor));

describe("filterFactorBeliefs", () => {
  test.prop([products, fc.constantFrom(2, 180)], { numRuns: 10 })(
    "multiplies to what filterBeliefs and written-out operators give",
    (product, count) => {
      expect(product.storage?.kind).toBe("kronecker");
      const batch = sampleSequences(product, { count, length: 6, key: createKey(2) });
      const joint = filterBeliefs(product, batch);
      const own = filterFactorBeliefs(product, batch);
      expect(own.stateDims.reduce((d, part) => d * part, 1)).toBe(product.stateDim);
      expect(largestDifference(own.probabilities, joint.probabilities)).toBeLessThan(1e-12);
      for (let row = 0; row < count * 7; row += count === 2 ? 1 : 97) {
        const parts = own.beliefs.map((beliefs, n) => {
          const d = own.stateDims[n] ?? 0;
          return beliefs.slice(row * d, (row + 1) * d);
        });
        const here = joint.beliefs.slice(row * product.stateDim, (row + 1) * product.stateDim);
        expect(largestDifference(parts.reduce(kroneckerVector, Float64Array.of(1)), here)).toBeLessThan(1e-12);
      }
      const few = { tokens: batch.tokens.subarray(0, 12), count: 2, length: 6 };
      const dense = filterBeliefs(withStorage(product, "dense"), few);
      expect(largestDifference(dense.beliefs, joint.beliefs.slice(0, dense.beliefs.length))).toBeLessThan(1e-12);
      expect(largestDifference(dense.probabilities, joint.probabilities.slice(0, 12))).toBeLessThan(1e-12);
    },
  );

  const gm = goldenMean();
  const product = tensorProduct(factor, factor, gm, factor);

  test("an impossible sequence is named with its position", () => {
    // joint tokens 3 and 4 contain token 1 of the golden mean, which never comes twice
    const batch = { tokens: [0, 0, 3, 4], count: 2, length: 2 };
    for (const run of [filterFactorBeliefs, filterBeliefs]) {
      let caught: unknown;
      try {
        run(product, batch);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(ZeroProbabilityError);
      expect(caught).toMatchObject({ position: 1, token: 4, source: run.name });
      expect(String(caught)).toContain("of sequence 1");
    }
  });

  test("what every factor can emit may be impossible together", () => {
    // 1e-3 in each of five factors
    const rare = createHmm({ operators: [[[0.999]], [[0.001]]] });
    const five = tensorProduct(factor, factor, factor, tensorProduct(rare, rare, rare), tensorProduct(rare, rare));
    expect(five.storage?.kind).toBe("kronecker");
    const batch = { tokens: [0, 31], count: 1, length: 2 };
    for (const run of [filterFactorBeliefs, filterBeliefs]) {
      expect(() => run(five, batch)).toThrow(ZeroProbabilityError);
      expect(() => run(five, batch)).toThrow("at position 1");
      expect(run(five, { tokens: [0, 1], count: 1, length: 2 }).probabilities[1]).toBeGreaterThan(1e-6);
    }
  });

  test("an initial state that is no product is filtered as a whole", () => {
    const parts = [product.initial, product.initial.map((_, s) => (s === 0 ? 1 : 0))] as const;
    const mixed = { ...product, initial: parts[0].map((value, s) => (value + (parts[1][s] ?? 0)) / 2) };
    const batch = { tokens: [0, 7, 1], count: 1, length: 3 };
    const dense = { ...withStorage(product, "dense"), initial: mixed.initial };
    expect(largestDifference(filterBeliefs(mixed, batch).beliefs, filterBeliefs(dense, batch).beliefs)).toBeLessThan(
      1e-12,
    );
    expect(() => filterFactorBeliefs(mixed, batch)).toThrow("the initial state is not a product");
  });

  test("bad input", () => {
    const none = { tokens: [], count: 0, length: 3 };
    expect(filterFactorBeliefs(product, none).beliefs.map(({ length }) => length)).toEqual([0, 0, 0, 0]);
    expect(() => filterFactorBeliefs(factor, none)).toThrow(UnsupportedError);
    expect(() => filterFactorBeliefs(factor, none)).toThrow('stored as "dense"');
    expect(() => filterFactorBeliefs(product, { ...none, count: 1 })).toThrow(ShapeError);
    for (const token of [54, -1, 0.5, Number.NaN]) {
      const batch = { tokens: [0, token], count: 1, length: 2 };
      expect(() => filterFactorBeliefs(product, batch)).toThrow(InvalidArgumentError);
      expect(() => filterFactorBeliefs(product, batch)).toThrow(`the token at position 1 is ${token}`);
    }
  });
});
