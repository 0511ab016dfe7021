import { multiply } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { appliedToFirst, invertible, isometry, transposed } from "./maps.ts";

test("isometries have orthonormal columns", () => {
  fc.assert(
    fc.property(isometry(4, 2), (matrix) => {
      const gram = multiply(transposed(matrix, 2), matrix, 4);
      [1, 0, 0, 1].forEach((value, i) => {
        expect(gram[i]).toBeCloseTo(value, 12);
      });
    }),
  );
});

test("a map of the first factor acts on rows of the belief as a matrix", () => {
  // rows a = 0, 1, 2 of two entries; a = 1 and 2 are merged
  const merge = [1, 0, 0, 1, 0, 1];
  expect(Array.from(appliedToFirst([1, 2, 3, 4, 5, 6], merge, 2))).toEqual([1, 2, 8, 10]);
  expect(Array.from(transposed([1, 2, 3, 4, 5, 6], 3))).toEqual([1, 4, 2, 5, 3, 6]);
});

test("invertible matrices are not near singular ones", () => {
  fc.assert(
    fc.property(invertible(2), ([a = 0, b = 0, c = 0, d = 0]) => {
      expect(Math.abs(a * d - b * c)).toBeGreaterThan(0.01);
    }),
  );
});
