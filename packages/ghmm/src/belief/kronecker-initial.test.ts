import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { tensorProduct } from "../compose/tensor-product.ts";
import { kroneckerVector } from "../numeric/matrix.ts";
import { mess3 } from "../processes/mess3.ts";
import { largestDifference } from "./_testing/filters.ts";
import { independentFactors, splitVector } from "./kronecker-initial.ts";

const entry = fc.double({ min: -1, max: 1, noNaN: true }).map((value) => (Math.abs(value) < 1e-3 ? 0 : value));
const vectors = fc.array(fc.array(entry, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });

describe("splitVector", () => {
  test.prop([vectors])("takes a product apart", (parts) => {
    const joint = parts.map((part) => Float64Array.from(part)).reduce(kroneckerVector, Float64Array.of(1));
    const found = splitVector(
      joint,
      parts.map(({ length }) => length),
    );
    if (joint.every((value) => value === 0)) {
      expect(found).toBeUndefined();
      return;
    }
    const largest = joint.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    const again = (found ?? []).reduce(kroneckerVector, Float64Array.of(largest));
    expect(largestDifference(again, joint)).toBeLessThan(1e-13);
  });

  test("finds that a vector is no product", () => {
    expect(splitVector([0.5, 0, 0, 0.5], [2, 2])).toBeUndefined();
    expect(splitVector([0.25, 0.25, 0.25, 0.25 + 1e-9], [2, 2])).toBeUndefined();
    expect(splitVector([0.25, Number.NaN, 0.25, 0.25], [2, 2])).toBeUndefined();
  });
});

describe("independentFactors", () => {
  const factor = mess3({ x: 0.15, a: 0.6 });
  const product = tensorProduct(factor, factor, factor);

  test("of a product, with normalized initial beliefs", () => {
    const found = independentFactors(product);
    expect(found).toMatchObject({ tokens: [3, 3, 3], states: [3, 3, 3] });
    for (const part of found?.initial ?? []) {
      expect(part.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 14);
    }
    expect(independentFactors(product)).toBe(found);
  });

  test("of another initial state", () => {
    const parts = [Float64Array.of(1, 0, 0), Float64Array.of(0.5, 0.25, 0.25), Float64Array.of(0, 0.5, 0.5)];
    const moved = { ...product, initial: parts.reduce(kroneckerVector, Float64Array.of(1)) };
    expect(independentFactors(moved)?.initial.map((part) => Array.from(part))).toEqual(
      parts.map((part) => Array.from(part)),
    );
    const mixed = moved.initial.map((value, s) => (value + (product.initial[s] ?? 0)) / 2);
    expect(independentFactors({ ...product, initial: mixed })).toBeUndefined();
  });

  test("a process of its own has none", () => {
    expect(independentFactors(factor)).toBeUndefined();
    const { storage: _, ...own } = product;
    expect(independentFactors(own)).toBeUndefined();
  });
});
