import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operatorSchmidt } from "../../../discover/operator-schmidt.ts";
import { binaryEntropy, gramEntropy, mergedEntropy, squaredMultiplicities } from "./closed-forms.ts";

const entry = fc.double({ min: -1, max: 1, noNaN: true });

describe("closed forms of small spectra", () => {
  test("the Gram matrix of two sectors gives the operator-Schmidt entropy", () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 4, maxLength: 4 }),
        fc.array(entry, { minLength: 4, maxLength: 4 }),
        (a, c) => {
          const [a0 = 0, a1 = 0, a2 = 0, a3 = 0] = a;
          const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = c;
          fc.pre(Math.hypot(...a, ...c) > 1e-3);
          const operator = [a0, a1, 0, 0, a2, a3, 0, 0, 0, 0, c0, c1, 0, 0, c2, c3];
          const dot = (x: readonly number[], y: readonly number[]) =>
            x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
          const found = gramEntropy(dot(a, a), dot(a, c), dot(c, c));
          expect(found).toBeCloseTo(operatorSchmidt(operator, [2, 2]).entropy, 6);
        },
      ),
    );
    expect(gramEntropy(0, 0, 0)).toBe(0);
    expect(gramEntropy(1, 0, 1)).toBe(1);
    expect(gramEntropy(1, 1, 1)).toBe(0);
  });

  test("multiplicities and merged weights", () => {
    expect(squaredMultiplicities(["a", "b", "a", "a"])).toBe(10);
    expect(squaredMultiplicities([])).toBe(0);
    expect(mergedEntropy(["a", "b", "a"], [0.25, 0.5, 0.25])).toBe(1);
    expect(binaryEntropy(0.5)).toBe(1);
    expect(binaryEntropy(0)).toBe(0);
  });
});
