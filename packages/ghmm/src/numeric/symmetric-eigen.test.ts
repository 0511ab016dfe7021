import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { InvalidArgumentError, ShapeError } from "./errors.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

const symmetric = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: n * n, maxLength: n * n }).map((draws) => ({
    n,
    matrix: Float64Array.from(draws, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return draws[Math.min(i, j) * n + Math.max(i, j)] ?? 0;
    }),
  })),
);

describe("symmetricEigen", () => {
  test.prop([symmetric], { numRuns: 2000 })("reconstructs, orthonormal and in falling order", ({ n, matrix }) => {
    const { values, vectors, residual } = symmetricEigen(matrix, n);
    expect(residual).toBeLessThan(1e-13);
    for (let i = 1; i < n; i++) expect(values[i - 1] ?? 0).toBeGreaterThanOrEqual(values[i] ?? 0);
    const at = (row: number, column: number) => vectors[row * n + column] ?? 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let [rebuilt, product] = [0, 0];
        for (let k = 0; k < n; k++) {
          rebuilt += at(i, k) * (values[k] ?? 0) * at(j, k);
          product += at(k, i) * at(k, j);
        }
        expect(rebuilt).toBeCloseTo(matrix[i * n + j] ?? 0, 11);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
  });

  test.prop([fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -5, max: 5, noNaN: true })))])(
    "of a 2 x 2 matrix are (a + c) / 2 +- sqrt(((a - c) / 2)^2 + b^2)",
    ([a = 0, b = 0, c = 0]) => {
      const { values } = symmetricEigen([a, b, b, c], 2);
      const radius = Math.hypot((a - c) / 2, b);
      expect(values[0]).toBeCloseTo((a + c) / 2 + radius, 13);
      expect(values[1]).toBeCloseTo((a + c) / 2 - radius, 13);
    },
  );

  test("golden 72: eigvalsh of [[2, 1], [1, 2]]", () => {
    expect(Array.from(symmetricEigen([2, 1, 1, 2], 2).values)).toEqual(
      [3, 1].map((value) => expect.closeTo(value, 14)),
    );
  });

  test("a repeated eigenvalue, the zero matrix and a 1 x 1 matrix", () => {
    expect(Array.from(symmetricEigen([1, 0, 0, 0, 1, 0, 0, 0, 1], 3).values)).toEqual([1, 1, 1]);
    expect(symmetricEigen([0, 0, 0, 0], 2)).toMatchObject({ values: Float64Array.of(0, 0), residual: 0 });
    expect(Array.from(symmetricEigen([-7], 1).values)).toEqual([-7]);
  });

  test("tiny and huge matrices are scaled", () => {
    for (const scale of [1e-200, 1e200]) {
      expect((symmetricEigen([2 * scale, scale, scale, 2 * scale], 2).values[0] ?? 0) / scale).toBeCloseTo(3, 13);
    }
    expect(symmetricEigen([0, 1.96e-10, 1.96e-10, 5e-324], 2).values[0]).toBeCloseTo(1.96e-10, 20);
  });

  test("refuses what is not square, finite or symmetric, with the value", () => {
    expect(() => symmetricEigen([1, 2, 3], 2)).toThrow(ShapeError);
    expect(() => symmetricEigen([], 0)).toThrow(ShapeError);
    expect(() => symmetricEigen([1, Number.NaN, 0, 1], 2)).toThrow("entry [0, 1] is NaN");
    expect(() => symmetricEigen([1, 2, 3, 1], 2)).toThrow(InvalidArgumentError);
    expect(() => symmetricEigen([1, 2, 3, 1], 2)).toThrow("entry [1, 0] is 3 and entry [0, 1] is 2");
  });
});
