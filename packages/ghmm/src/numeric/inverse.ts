import { singularValueDecomposition } from "./decompose.ts";
import { multiply } from "./matrix.ts";

/** A pseudo-inverse and what it was made of. */
export interface PseudoInverse {
  /** Row-major `[columns, rows]`. */
  readonly inverse: Float64Array;
  /** Number of singular values above the tolerance. */
  readonly rank: number;
  /** Largest singular value over the smallest of all; infinite for a singular matrix. */
  readonly condition: number;
}

/**
 * Moore-Penrose inverse of a row-major `[rows, columns]` matrix; singular values at most `tolerance` times the largest count as
 * zero. The inverse of a square matrix when `rank` is its size.
 */
export function pseudoInverse(
  matrix: ArrayLike<number>,
  shape: readonly [rows: number, columns: number],
  tolerance = 1e-15,
): PseudoInverse {
  const [rows] = shape;
  const { left, values, right } = singularValueDecomposition(matrix, shape);
  const k = values.length;
  const largest = values[0] ?? 0;
  const rank = values.filter((value) => value > tolerance * largest).length;
  const condition = largest / (values[k - 1] ?? 0);
  const scaled = right.map((value, i) => (i % k < rank ? value / (values[i % k] ?? 1) : 0));
  const leftTransposed = new Float64Array(left.length);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < k; i++) leftTransposed[i * rows + r] = left[r * k + i] ?? 0;
  }
  return {
    inverse: multiply(scaled, leftTransposed, k),
    rank,
    condition: Number.isNaN(condition) ? Number.POSITIVE_INFINITY : condition,
  };
}
