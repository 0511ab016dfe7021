import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { NotConvergedError } from "./errors.ts";
import { checkMatrix } from "./matrix-check.ts";

/** Entries below this fraction of the largest one are decomposed as zeros: ml-matrix loses digits on subnormal numbers. */
const NEGLIGIBLE = 1e-100;
/** Largest reconstruction error, as a fraction of the largest entry, that counts as a decomposition. */
const LARGEST_RESIDUAL = 1e-9;
/** Rounding of subnormal numbers, which no decomposition can do without. */
const SUBNORMAL_ROUNDING = 2 ** -1060;

/** A thin singular value decomposition `m = U diag(s) V^T`. */
export interface SingularValues {
  /** Row-major `[rows, k]`, `k = min(rows, columns)`: column `i` is the left vector of `values[i]`. */
  readonly left: Float64Array;
  /** `[k]`, largest first. */
  readonly values: Float64Array;
  /** Row-major `[columns, k]`: column `i` is the right vector of `values[i]`. */
  readonly right: Float64Array;
  /** Largest absolute entry of `m - U diag(s) V^T`. */
  readonly residual: number;
}

/**
 * Singular value decomposition of a dense row-major matrix, with its input checked and its residual measured.
 *
 * The one place where ml-matrix decomposes anything: unchecked, it answers a matrix that contains NaN with plausible numbers
 * and loses half the digits of one that contains subnormal numbers.
 *
 * @param matrix - row-major `[rows, columns]`
 * @throws ShapeError if `matrix.length` is not `rows * columns` or the matrix is empty
 * @throws InvalidArgumentError if an entry is not finite
 * @throws NotConvergedError if the factors do not reproduce the matrix
 * @example
 * ```ts
 * import { singularValueDecomposition } from "@semifactor/ghmm";
 *
 * const { values } = singularValueDecomposition([1, 2, 3, 4, 5, 6], [3, 2]);
 * expect(values[0]).toBeCloseTo(9.525518, 6);
 * expect(values[1]).toBeCloseTo(0.514301, 6);
 * ```
 */
export function singularValueDecomposition(
  matrix: ArrayLike<number>,
  shape: readonly [rows: number, columns: number],
): SingularValues {
  const [rows, columns] = shape;
  const source = "singularValueDecomposition";
  const largest = checkMatrix(matrix, rows, columns, {
    source,
    remedy: "Pass rows * columns entries in row-major order",
  });
  const scale = largest || 1;
  const m = new Matrix(rows, columns);
  for (let i = 0; i < matrix.length; i++) {
    const value = (matrix[i] ?? 0) / scale;
    m.set(Math.floor(i / columns), i % columns, Math.abs(value) < NEGLIGIBLE ? 0 : value);
  }
  const svd = new SingularValueDecomposition(m, { autoTranspose: true });
  const k = Math.min(rows, columns);
  const order = Array.from({ length: k }, (_, i) => i).sort(
    (a, b) => (svd.diagonal[b] ?? 0) - (svd.diagonal[a] ?? 0) || a - b,
  );
  const u = svd.leftSingularVectors;
  const v = svd.rightSingularVectors;
  const left = new Float64Array(rows * k);
  const right = new Float64Array(columns * k);
  const values = new Float64Array(k);
  order.forEach((source, i) => {
    values[i] = (svd.diagonal[source] ?? 0) * scale;
    for (let r = 0; r < rows; r++) left[r * k + i] = u.get(r, source);
    for (let c = 0; c < columns; c++) right[c * k + i] = v.get(c, source);
  });
  let residual = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = matrix[r * columns + c] ?? 0;
      for (let i = 0; i < k; i++) sum -= (left[r * k + i] ?? 0) * (values[i] ?? 0) * (right[c * k + i] ?? 0);
      residual = Math.max(residual, Math.abs(sum));
    }
  }
  if (!(residual <= LARGEST_RESIDUAL * largest + SUBNORMAL_ROUNDING)) {
    throw new NotConvergedError({
      source,
      problem: `the factors differ from the ${rows} x ${columns} matrix by ${residual}`,
      remedy: "Rescale rows and columns that differ by many orders of magnitude",
    });
  }
  return { left, values, right, residual };
}

/**
 * Orthonormal basis of `{ x : m x = 0 }` for a square row-major matrix; a singular value at most `tolerance * max(1, s_0)`
 * counts as zero.
 *
 * @returns the basis vectors, as many as the null space has dimensions
 */
export function nullSpace(matrix: Float64Array, dimension: number, tolerance = 1e-10): readonly Float64Array[] {
  const { values, right } = singularValueDecomposition(matrix, [dimension, dimension]);
  const limit = tolerance * Math.max(1, values[0] ?? 0);
  const basis: Float64Array[] = [];
  for (let i = 0; i < dimension; i++) {
    if ((values[i] ?? 0) > limit) continue;
    basis.push(Float64Array.from({ length: dimension }, (_, row) => right[row * dimension + i] ?? 0));
  }
  return basis;
}
