import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { dot } from "./matrix.ts";
import { nonNegativeLeastSquares } from "./non-negative-least-squares.ts";

const entry = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 1000);
const problem = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 })).chain(([rows, count]) => {
  const vector = fc.array(entry, { minLength: rows, maxLength: rows }).map((values) => Float64Array.from(values));
  return fc.record({ columns: fc.array(vector, { minLength: count, maxLength: count }), target: vector });
});

function combine(columns: readonly Float64Array[], c: Float64Array, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) =>
    columns.reduce((sum, column, j) => sum + (column[i] ?? 0) * (c[j] ?? 0), 0),
  );
}

describe("nonNegativeLeastSquares", () => {
  test.prop([problem])("the remainder satisfies the conditions of the optimum", ({ columns, target }) => {
    const { coefficients, residual } = nonNegativeLeastSquares(columns, target);
    const near = combine(columns, coefficients, target.length);
    const rest = target.map((value, i) => value - (near[i] ?? 0));
    expect(residual).toBeCloseTo(Math.hypot(...rest), 12);
    columns.forEach((column, j) => {
      expect(coefficients[j]).toBeGreaterThanOrEqual(0);
      expect(dot(column, rest)).toBeLessThan(1e-9);
      if ((coefficients[j] ?? 0) > 0) expect(Math.abs(dot(column, rest))).toBeLessThan(1e-9);
    });
  });

  test.prop([problem, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 })])(
    "finds every combination of the columns, also when they depend on each other",
    ({ columns, target }, weights) => {
      const doubled = [...columns, ...columns];
      const inside = combine(columns, Float64Array.from(weights), target.length);
      expect(nonNegativeLeastSquares(doubled, inside).residual).toBeLessThan(1e-11);
    },
  );

  test("a target behind the cone is nearest to its tip; zero is in every cone", () => {
    const axes = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
    expect(nonNegativeLeastSquares(axes, Float64Array.of(-3, -4))).toEqual({
      coefficients: Float64Array.of(0, 0),
      residual: 5,
    });
    expect(nonNegativeLeastSquares(axes, Float64Array.of(2, -1))).toEqual({
      coefficients: Float64Array.of(2, 0),
      residual: 1,
    });
    expect(nonNegativeLeastSquares(axes, Float64Array.of(0, 0)).residual).toBe(0);
    expect(nonNegativeLeastSquares([], Float64Array.of(1)).residual).toBe(1);
  });

  test("a column that entered first has to leave: the target lies between two later ones", () => {
    // the first column points most towards the target, and is not used in the end
    const columns = [Float64Array.of(1, 1, 0.5), Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0)];
    const { coefficients, residual } = nonNegativeLeastSquares(columns, Float64Array.of(1, 1, -0.1));
    expect(Array.from(coefficients)).toEqual([0, 1, 1]);
    expect(residual).toBeCloseTo(0.1, 14);
  });
});
