import { singularValueDecomposition } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { operatorSchmidt } from "../../discover/operator-schmidt.ts";
import { genericHmm, genericLaw } from "./generic-hmm.ts";

test("a law is one, without zeros, and depends on seed and index", () => {
  const law = genericLaw(3, 1, 5);
  expect(law.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
  expect(Math.min(...law)).toBeGreaterThan(0);
  expect(genericLaw(3, 2, 5)).not.toEqual(law);
  expect(genericLaw(4, 1, 5)).not.toEqual(law);
  expect(genericLaw(3, 1, 5)).toEqual(law);
});

test("operators have full rank and full operator-Schmidt rank, and the start is a product", () => {
  const process = genericHmm({ seed: 5, dimensions: [2, 3], tokens: 2 });
  expect([process.stateDim, process.alphabet.length]).toEqual([6, 2]);
  expect(operatorSchmidt(process.operator(1), [2, 3]).rank).toBe(4);
  expect(singularValueDecomposition(process.operator(1), [6, 6]).values[5]).toBeGreaterThan(1e-4);
  expect(singularValueDecomposition(process.initial, [2, 3]).values[1]).toBeLessThan(1e-15);
});
