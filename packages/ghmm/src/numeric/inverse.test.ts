import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { pseudoInverse } from "./inverse.ts";
import { multiply } from "./matrix.ts";

const matrix = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.integer({ min: -4, max: 4 }), { minLength: rows * columns, maxLength: rows * columns })
      .map((entries) => ({ rows, columns, entries: Float64Array.from(entries) })),
  );

function expectClose(actual: Float64Array, expected: ArrayLike<number>, tolerance: number): void {
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(tolerance);
  });
}

const transpose = (m: Float64Array, columns: number): Float64Array =>
  Float64Array.from({ length: m.length }, (_, i) => {
    const rows = m.length / columns;
    return m[(i % rows) * columns + Math.floor(i / rows)] ?? 0;
  });

describe("pseudoInverse", () => {
  test.prop([matrix])("satisfies the four Penrose equations", ({ rows, columns, entries }) => {
    const { inverse } = pseudoInverse(entries, [rows, columns], 1e-10);
    const [onRows, onColumns] = [multiply(entries, inverse, columns), multiply(inverse, entries, rows)];
    const tolerance = 1e-9 * Math.max(1, ...inverse.map(Math.abs));
    expectClose(multiply(onRows, entries, rows), entries, tolerance);
    expectClose(multiply(onColumns, inverse, columns), inverse, tolerance);
    expectClose(transpose(onRows, rows), onRows, tolerance);
    expectClose(transpose(onColumns, columns), onColumns, tolerance);
  });

  test("rank and condition number", () => {
    expect(pseudoInverse([2, 0, 0, 4], [2, 2])).toMatchObject({ rank: 2, condition: 2 });
    expect(pseudoInverse([1, 1, 1, 1], [2, 2], 1e-10).rank).toBe(1);
    expect(pseudoInverse([0, 0, 0, 0], [2, 2])).toMatchObject({ rank: 0, condition: Number.POSITIVE_INFINITY });
  });
});
