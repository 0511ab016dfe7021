import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { InvalidArgumentError, NotConvergedError, ShapeError } from "./errors.ts";
import { solveLinearSystem } from "./linear-system.ts";
import { multiply } from "./matrix.ts";

const entry = fc.double({ min: -1, max: 1, noNaN: true });
const vectorOf = (length: number): fc.Arbitrary<Float64Array> =>
  fc.array(entry, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

/** Diagonally dominant systems, which are well conditioned. */
const systems = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 3 }))
  .chain(([n, k]) => fc.record({ n: fc.constant(n), k: fc.constant(k), noise: vectorOf(n * n), x: vectorOf(n * k) }))
  .map(({ n, noise, ...rest }) => ({ n, ...rest, m: noise.map((v, i) => v + (i % (n + 1) === 0 ? 2 * n : 0)) }));

describe("solveLinearSystem", () => {
  test.prop([systems])("finds the vector that made the right side", ({ n, k, m, x }) => {
    // k columns at once, so that a mix-up of rows and columns shows
    const solution = solveLinearSystem(m, n, multiply(m, x, n));
    expect(solution.length).toBe(n * k);
    solution.forEach((value, i) => {
      expect(Math.abs(value - (x[i] ?? Number.NaN))).toBeLessThan(1e-12);
    });
  });

  test("pivots", () => {
    expect(Array.from(solveLinearSystem([0, 1, 1, 0], 2, [3, 4]))).toEqual([4, 3]);
  });

  test("a right side of zeros has the solution zero", () => {
    expect(Array.from(solveLinearSystem([2, 1, 1, 2], 2, [0, 0]), (x) => x + 0)).toEqual([0, 0]);
  });

  test("refuses singular matrices", () => {
    for (const matrix of [
      [1, 2, 2, 4],
      [0, 0, 0, 0],
      [1, 1, 1, 1 + 1e-15],
    ]) {
      expect(() => solveLinearSystem(matrix, 2, [1, 0.3])).toThrow(NotConvergedError);
    }
  });

  test("refuses what is not finite, and other shapes", () => {
    expect(() => solveLinearSystem([1, 0, 0, Number.NaN], 2, [1, 1])).toThrow(InvalidArgumentError);
    expect(() => solveLinearSystem([1, 0, 0, 1], 2, [1, Number.NEGATIVE_INFINITY])).toThrow(
      "entry [1, 0] of the right side is -Infinity",
    );
    expect(() => solveLinearSystem([1, 0, 0], 2, [1, 1])).toThrow(ShapeError);
    expect(() => solveLinearSystem([1, 0, 0, 1], 2, [1, 1, 1])).toThrow(ShapeError);
    expect(() => solveLinearSystem([], 0, [])).toThrow(ShapeError);
  });
});
