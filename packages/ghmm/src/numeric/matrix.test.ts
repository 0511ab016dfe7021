import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { dot, kronecker, kroneckerVector, matrixTimesVector, multiply, vectorTimesMatrix } from "./matrix.ts";

const entry = fc.integer({ min: -9, max: 9 });
const vector = (length: number): fc.Arbitrary<Float64Array> =>
  fc.array(entry, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
const size = fc.integer({ min: 1, max: 4 });

/** `sum_k a[i, k] b[k, j]`, straight from the definition. */
function naiveProduct(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): number[] {
  return Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    return Array.from({ length: inner }, (_, k) => (a[i * inner + k] ?? 0) * (b[k * columns + j] ?? 0)).reduce(
      (sum, value) => sum + value,
      0,
    );
  });
}

const shapes = fc.tuple(size, size, size).chain(([rows, inner, columns]) =>
  fc.record({
    rows: fc.constant(rows),
    inner: fc.constant(inner),
    columns: fc.constant(columns),
    a: vector(rows * inner),
    b: vector(inner * columns),
  }),
);

describe("products", () => {
  test.prop([shapes])("multiply equals the definition", ({ rows, inner, columns, a, b }) => {
    expect(Array.from(multiply(a, b, inner), (x) => x + 0)).toEqual(
      naiveProduct(a, b, rows, inner, columns).map((x) => x + 0),
    );
  });

  test.prop([shapes])("a row vector and a column vector are matrices of one row and one column", (shape) => {
    const { rows, inner, columns, a, b } = shape;
    const row = a.subarray(0, inner);
    const out = new Float64Array(columns + 1).fill(7);
    vectorTimesMatrix(row, b, columns, out);
    expect(Array.from(out.subarray(0, columns), (x) => x + 0)).toEqual(
      naiveProduct(row, b, 1, inner, columns).map((x) => x + 0),
    );
    expect(out[columns]).toBe(7);
    const column = b.subarray(0, inner);
    expect(Array.from(matrixTimesVector(a, column), (x) => x + 0)).toEqual(
      naiveProduct(a, column, rows, inner, 1).map((x) => x + 0),
    );
  });

  test("dot", () => {
    expect(dot([1, 2, 3], [4, 5, 6])).toBe(32);
  });
});

describe("kronecker", () => {
  test("index (a, c) -> a * dC + c", () => {
    const a = Float64Array.of(1, 2, 3, 4);
    const c = Float64Array.of(5, 6, 7, 8);
    expect(Array.from(kronecker(a, 2, c, 2))).toEqual([
      ...[5, 6, 10, 12],
      ...[7, 8, 14, 16],
      ...[15, 18, 20, 24],
      ...[21, 24, 28, 32],
    ]);
    expect(Array.from(kroneckerVector([1, 2], [3, 4, 5]))).toEqual([3, 4, 5, 6, 8, 10]);
  });

  test.prop([vector(4), vector(9), vector(2), vector(3)])("(x (x) y)(A (x) C) = xA (x) yC", (a, c, x, y) => {
    const joint = new Float64Array(6);
    vectorTimesMatrix(kroneckerVector(x, y), kronecker(a, 2, c, 3), 6, joint);
    const [xa, yc] = [new Float64Array(2), new Float64Array(3)];
    vectorTimesMatrix(x, a, 2, xa);
    vectorTimesMatrix(y, c, 3, yc);
    expect(Array.from(joint, (v) => v + 0)).toEqual(Array.from(kroneckerVector(xa, yc), (v) => v + 0));
  });
});
