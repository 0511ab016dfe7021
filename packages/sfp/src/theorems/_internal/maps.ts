import { singularValueDecomposition } from "@semifactor/ghmm";
import { multiply } from "@semifactor/ghmm/internal";
import fc from "fast-check";

/** Random numbers from -1 to 1, `count` of them. */
export const numbers = (count: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: count, maxLength: count })
    .map((drawn) => Float64Array.from(drawn));

/** The transpose of a row-major `[rows, columns]` matrix. */
export function transposed(matrix: ArrayLike<number>, columns: number): Float64Array {
  const rows = matrix.length / columns;
  return Float64Array.from(
    { length: matrix.length },
    (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)] ?? 0,
  );
}

/** The isometry nearest to a tall matrix: its polar factor, row-major `[rows, columns]`, with orthonormal columns. */
export function polarFactor(matrix: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const { left, right } = singularValueDecomposition(matrix, [rows, columns]);
  return multiply(left, transposed(right, columns), columns);
}

/** Random matrices with orthonormal columns, row-major `[rows, columns]`. */
export const isometry = (rows: number, columns: number): fc.Arbitrary<Float64Array> =>
  numbers(rows * columns)
    .map((drawn) => drawn.map((value, i) => value + (Math.floor(i / columns) === i % columns ? 0.5 : 0)))
    .filter((drawn) => {
      const { values } = singularValueDecomposition(drawn, [rows, columns]);
      return (values[columns - 1] ?? 0) > 1e-3;
    })
    .map((drawn) => polarFactor(drawn, rows, columns));

/** Random square matrices `2 I + (-1, 1)` of condition number at most 20. */
export const invertible = (size: number): fc.Arbitrary<Float64Array> =>
  numbers(size * size)
    .map((drawn) => drawn.map((value, i) => value + (i % (size + 1) === 0 ? 2 : 0)))
    .filter((drawn) => {
      const { values } = singularValueDecomposition(drawn, [size, size]);
      return (values[0] ?? 0) <= 20 * (values[size - 1] ?? 0);
    });

/** A belief, or any vector, of two factors with a map applied to the first: `out[a'] = sum_a M[a] map[a, a']`. */
export function appliedToFirst(belief: ArrayLike<number>, map: ArrayLike<number>, dC: number): Float64Array {
  const dA = belief.length / dC;
  return multiply(transposed(map, map.length / dA), Float64Array.from(belief), dA);
}
