import { kronecker, kroneckerVector } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { operatorSchmidt } from "../../discover/operator-schmidt.ts";
import { genericHmm, genericLaw } from "./generic-hmm.ts";
import { productDefect, resetMap, secondSchmidtValue, swapMap } from "./product-preserving.ts";

test("the second Schmidt value is zero for products only", () => {
  expect(secondSchmidtValue(kroneckerVector([0.2, 0.8], [0.5, 0.1, 0.4]), [2, 3])).toBeLessThan(1e-16);
  expect(secondSchmidtValue([0.4, 0, 0, 0.2], [2, 2])).toBeCloseTo(0.5, 15);
  expect(secondSchmidtValue([0, 0, 0, 0], [2, 2])).toBe(0);
});

test("products of operators, reset maps and the swap preserve products; an operator in general position does not", () => {
  const [a, c] = [genericLaw(1, 0, 4), genericLaw(1, 1, 9)];
  expect(productDefect(kronecker(a, 2, c, 3), [2, 3])).toBeLessThan(1e-14);
  expect(productDefect(resetMap.operator(0), [2, 3])).toBeLessThan(1e-15);
  expect(productDefect(swapMap.operator(0), [2, 2])).toBe(0);
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const process = genericHmm({ seed, dimensions: [2, 2], tokens: 2 });
      return productDefect(process.operator(0), [2, 2]) > 1e-3;
    }),
  );
});

test("a defect that no basis vector shows: e_i (x) e_k are mapped to products, their sums are not", () => {
  // the controlled flip (a, c) -> (a, a + c mod 2)
  const flip = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0);
  expect(productDefect(flip, [2, 2])).toBe(1);
});

test("operator-Schmidt ranks of the maps: 3 as in the theory notes (T10), and 4", () => {
  expect(operatorSchmidt(resetMap.operator(0), [2, 3]).rank).toBe(3);
  expect(operatorSchmidt(swapMap.operator(0), [2, 2]).rank).toBe(4);
});
