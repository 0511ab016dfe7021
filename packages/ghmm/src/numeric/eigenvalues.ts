import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { NotConvergedError } from "./errors.ts";
import { checkMatrix } from "./matrix-check.ts";

/** Entries below this fraction of the largest one count as zeros: ml-matrix fails on subnormal numbers. */
const NEGLIGIBLE = 1e-100;
/** Largest error of an eigenvector equation, as a fraction of the largest entry, that counts as an answer. */
const LARGEST_RESIDUAL = 1e-8;

/** Eigenvalues of a real matrix, largest modulus first. */
export interface Eigenvalues {
  /** Real parts, `[n]`. */
  readonly real: Float64Array;
  /** Imaginary parts, `[n]`; of a conjugate pair the positive one comes first. */
  readonly imaginary: Float64Array;
  /** Largest error of `m v = lambda v` over unit eigenvectors, as a fraction of the largest entry of `m`. */
  readonly residual: number;
}

/** Largest entry of `m V - V D` in each column, over the largest entry of that eigenvector (real and imaginary part). */
function largestResidual(m: Matrix, evd: EigenvalueDecomposition): number {
  const v = evd.eigenvectorMatrix;
  const error = m.mmul(v).sub(v.mmul(evd.diagonalMatrix));
  const n = m.rows;
  let worst = 0;
  for (let j = 0; j < n; j++) {
    const partner = j + Math.sign(evd.imaginaryEigenvalues[j] ?? 0);
    let [size, defect] = [0, 0];
    for (let i = 0; i < n; i++) {
      size = Math.max(size, Math.abs(v.get(i, j)), Math.abs(v.get(i, partner)));
      defect = Math.max(defect, Math.abs(error.get(i, j)));
    }
    worst = Math.max(worst, defect === 0 ? 0 : defect / size);
  }
  return worst;
}

/**
 * Eigenvalues of a dense real matrix, its input checked and its residual measured.
 *
 * A defective eigenvalue of multiplicity `k` is only found to about the `k`-th root of the rounding error: where a matrix is block
 * triangular, ask for its diagonal blocks one by one.
 *
 * @param matrix - row-major `[n, n]`
 * @throws ShapeError if the matrix is empty or not square
 * @throws InvalidArgumentError if an entry is not finite
 * @throws NotConvergedError if the eigenvectors do not solve their equation
 */
export function eigenvalues(matrix: ArrayLike<number>, n: number): Eigenvalues {
  const largest = checkMatrix(matrix, n, n, {
    source: "eigenvalues",
    remedy: "Pass a square matrix in row-major order",
  });
  if (largest === 0) return { real: new Float64Array(n), imaginary: new Float64Array(n), residual: 0 };
  const m = new Matrix(n, n);
  for (let i = 0; i < matrix.length; i++) {
    const value = (matrix[i] ?? 0) / largest;
    m.set(Math.floor(i / n), i % n, Math.abs(value) < NEGLIGIBLE ? 0 : value);
  }
  // ml-matrix compares a subdiagonal entry with the diagonal next to it and never stops where both are rounding, as for a double pair
  // +-i: a multiple of the identity keeps the diagonal away from zero
  const shift = m.norm("frobenius");
  for (let i = 0; i < n; i++) m.set(i, i, m.get(i, i) + shift);
  const evd = new EigenvalueDecomposition(m);
  const residual = largestResidual(m, evd);
  if (!(residual <= LARGEST_RESIDUAL)) {
    throw new NotConvergedError({
      source: "eigenvalues",
      problem: `the eigenvectors of the ${n} x ${n} matrix miss their equation by ${residual}`,
      remedy: "Rescale rows and columns that differ by many orders of magnitude",
    });
  }
  const [re, im] = [evd.realEigenvalues.map((value) => value - shift), evd.imaginaryEigenvalues];
  const modulus = (i: number): number => Math.hypot(re[i] ?? 0, im[i] ?? 0);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    const difference = modulus(b) - modulus(a);
    // the two moduli of a conjugate pair may differ by rounding
    if (Math.abs(difference) > 1e-14) return difference;
    return (re[b] ?? 0) - (re[a] ?? 0) || (im[b] ?? 0) - (im[a] ?? 0);
  });
  return {
    real: Float64Array.from(order, (i) => (re[i] ?? 0) * largest),
    imaginary: Float64Array.from(order, (i) => (im[i] ?? 0) * largest),
    residual,
  };
}
