import { LuDecomposition, Matrix } from "ml-matrix";
import { NotConvergedError } from "./errors.ts";
import { checkMatrix } from "./matrix-check.ts";

/** Largest entry of `m x - b`, as a fraction of the largest entry of `b`, that counts as a solution. */
const LARGEST_RESIDUAL = 1e-9;

/** A copy as an ml-matrix matrix, with its entries checked. */
function checkedMatrix(values: ArrayLike<number>, rows: number, columns: number, name: string): Matrix {
  const remedy = "Pass a square matrix and right sides with as many rows, in row-major order";
  checkMatrix(values, rows, columns, { source: "solveLinearSystem", name, remedy });
  const m = new Matrix(rows, columns);
  for (let i = 0; i < values.length; i++) {
    m.set(Math.floor(i / columns), i % columns, values[i] ?? 0);
  }
  return m;
}

/** Largest absolute entry; NaN if there is one. */
function largestEntry(m: Matrix): number {
  let largest = 0;
  for (let i = 0; i < m.rows; i++)
    for (let j = 0; j < m.columns; j++) largest = Math.max(largest, Math.abs(m.get(i, j)));
  return largest;
}

/**
 * The solution of `m x = b` by LU decomposition, with its residual checked.
 *
 * @param matrix - row-major `[n, n]`
 * @param right - one or more right sides, row-major `[n, k]`
 * @returns row-major `[n, k]`
 * @throws ShapeError if the matrix is empty or not square, or the right sides have another number of rows
 * @throws InvalidArgumentError if an entry is not finite
 * @throws NotConvergedError if the matrix is singular, or so near to it that the solution misses its equation
 */
export function solveLinearSystem(matrix: ArrayLike<number>, n: number, right: ArrayLike<number>): Float64Array {
  const m = checkedMatrix(matrix, n, n, "the matrix");
  const columns = right.length / n;
  const b = checkedMatrix(right, n, columns, "the right side");
  const lu = new LuDecomposition(m);
  const singular = lu.isSingular();
  const x = singular ? b : lu.solve(b);
  const defect = singular ? Number.POSITIVE_INFINITY : largestEntry(m.mmul(x).sub(b));
  if (!(defect <= LARGEST_RESIDUAL * largestEntry(b))) {
    throw new NotConvergedError({
      source: "solveLinearSystem",
      problem: `the ${n} x ${n} matrix is singular or nearly so: the solution misses its equation by ${defect}`,
      remedy: "Check whether the process nearly falls apart into blocks",
    });
  }
  return Float64Array.from({ length: n * columns }, (_, i) => x.get(Math.floor(i / columns), i % columns));
}
