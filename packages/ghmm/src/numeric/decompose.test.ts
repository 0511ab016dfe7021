import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { nullSpace, singularValueDecomposition } from "./decompose.ts";
import { InvalidArgumentError, ShapeError } from "./errors.ts";
import { matrixTimesVector } from "./matrix.ts";

const shaped = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc.tuple(
      fc.constant([rows, columns] as const),
      fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns }),
    ),
  );

describe("singularValueDecomposition", () => {
  test.prop([shaped], { numRuns: 20000 })(
    "reconstructs, with orthonormal columns in falling order",
    ([shape, matrix]) => {
      const [rows, columns] = shape;
      const { left, values, right, residual } = singularValueDecomposition(matrix, shape);
      const k = Math.min(rows, columns);
      expect([left.length, values.length, right.length]).toEqual([rows * k, k, columns * k]);
      expect(residual).toBeLessThan(1e-12 * Math.max(1, values[0] ?? 0));
      for (let i = 1; i < k; i++) expect(values[i - 1] ?? 0).toBeGreaterThanOrEqual(values[i] ?? 0);
      for (let i = 0; i < k; i++) {
        let norm = 0;
        for (let row = 0; row < columns; row++) norm += (right[row * k + i] ?? 0) ** 2;
        expect(norm).toBeCloseTo(1, 10);
      }
      const frobenius = matrix.reduce((sum, x) => sum + x * x, 0);
      expect(values.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(frobenius, 8);
    },
  );

  test("subnormal entries do no harm", () => {
    // ml-matrix 6.15.1 by itself loses the entry 1.96e-10 here.
    const { values, residual } = singularValueDecomposition([0, 1.96e-10, 0, 5e-324, 0, 0, -5e-324, 0, 0], [3, 3]);
    expect(residual).toBeLessThan(1e-20);
    expect((values[0] ?? 0) / 1.96e-10).toBeCloseTo(1, 14);
    expect(singularValueDecomposition([0, 0, 0, 0], [2, 2]).residual).toBe(0);
  });

  test("golden 72: svdvals of [[1, 2], [3, 4], [5, 6]], and of its transpose", () => {
    for (const [matrix, shape] of [
      [[1, 2, 3, 4, 5, 6], [3, 2] as const],
      [[1, 3, 5, 2, 4, 6], [2, 3] as const],
    ] as const) {
      const { values } = singularValueDecomposition(matrix, shape);
      expect(values[0]).toBeCloseTo(9.525518, 6);
      expect(values[1]).toBeCloseTo(0.514301, 6);
    }
  });

  // ml-matrix 6.15.1 by itself answers a matrix that contains NaN with finite numbers.
  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %s and says where it is", (value) => {
    const matrix = [1, 0, 0, value];
    expect(() => singularValueDecomposition(matrix, [2, 2])).toThrow(InvalidArgumentError);
    expect(() => singularValueDecomposition(matrix, [2, 2])).toThrow(`entry [1, 1] is ${value}`);
  });

  test("subnormal entries cannot be reproduced better than they are rounded", () => {
    // found by the property above
    const { values, residual } = singularValueDecomposition([0, 1.5e-323, 5e-324, 1e-323], [2, 2]);
    expect(values[0]).toBeLessThan(1e-322);
    expect(residual).toBeLessThan(1e-322);
  });

  test("refuses a wrong length and an empty matrix", () => {
    expect(() => singularValueDecomposition([1, 2, 3], [2, 2])).toThrow(ShapeError);
    expect(() => singularValueDecomposition([], [0, 0])).toThrow(ShapeError);
    expect(() => singularValueDecomposition([1, 2, 3], [1.5, 2])).toThrow(ShapeError);
  });
});

describe("nullSpace", () => {
  test("dimensions of simple matrices", () => {
    expect(nullSpace(Float64Array.of(1, 0, 0, 1), 2)).toHaveLength(0);
    expect(nullSpace(Float64Array.of(1, 1, 1, 1), 2)).toHaveLength(1);
    expect(nullSpace(new Float64Array(9), 3)).toHaveLength(3);
    expect(nullSpace(Float64Array.of(0), 1)).toHaveLength(1);
  });

  test.prop([fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 9, maxLength: 9 })])(
    "its vectors are unit vectors that the matrix sends to 0",
    (entries) => {
      const matrix = Float64Array.from(entries);
      for (const vector of nullSpace(matrix, 3)) {
        expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
        expect(Math.hypot(...matrixTimesVector(matrix, vector))).toBeLessThan(1e-8);
      }
    },
  );
});
