import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { InvalidArgumentError, NotConvergedError } from "./errors.ts";
import { checkMatrix } from "./matrix-check.ts";

/** Entries below this fraction of the largest one count as zeros: ml-matrix fails on subnormal numbers. */
const NEGLIGIBLE = 1e-100;
/** Largest difference of two entries across the diagonal, as a fraction of the largest entry. */
const LARGEST_ASYMMETRY = 1e-9;
/** Largest error of an eigenvector equation, as a fraction of the largest entry, that counts as an answer. */
const LARGEST_RESIDUAL = 1e-9;

/** A decomposition `m = V diag(values) V^T` of a real symmetric matrix. */
export interface SymmetricEigen {
  /** `[n]`, largest first. */
  readonly values: Float64Array;
  /** Row-major `[n, n]`: column `i` is the unit eigenvector of `values[i]`. */
  readonly vectors: Float64Array;
  /** Largest entry of `m V - V diag(values)`, as a fraction of the largest entry of `m`. */
  readonly residual: number;
}

/** The matrix over its largest entry, made exactly symmetric, with size, entries and symmetry checked. */
function scaledMatrix(matrix: ArrayLike<number>, n: number): { readonly m: Matrix; readonly scale: number } {
  const source = "symmetricEigen";
  const scale = checkMatrix(matrix, n, n, { source, remedy: "Pass a square matrix in row-major order" });
  const m = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [below, above] = [(matrix[i * n + j] ?? 0) / (scale || 1), (matrix[j * n + i] ?? 0) / (scale || 1)];
      if (Math.abs(below - above) > LARGEST_ASYMMETRY) {
        throw new InvalidArgumentError({
          source,
          problem: `entry [${i}, ${j}] is ${matrix[i * n + j]} and entry [${j}, ${i}] is ${matrix[j * n + i]}`,
          remedy: "Pass a symmetric matrix",
        });
      }
      const mean = (below + above) / 2;
      const value = Math.abs(mean) < NEGLIGIBLE ? 0 : mean;
      m.set(i, j, value);
      m.set(j, i, value);
    }
  }
  return { m, scale };
}

/**
 * Eigenvalues and orthonormal eigenvectors of a dense real symmetric matrix, its input checked and its residual measured.
 *
 * @param matrix - row-major `[n, n]`, symmetric within 1e-9 of its largest entry
 * @throws ShapeError if the matrix is empty or not square
 * @throws InvalidArgumentError if an entry is not finite or the matrix is not symmetric
 * @throws NotConvergedError if the eigenvectors do not solve their equation
 */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): SymmetricEigen {
  const { m, scale } = scaledMatrix(matrix, n);
  const evd = new EigenvalueDecomposition(m, { assumeSymmetric: true });
  const found = evd.realEigenvalues;
  const columns = evd.eigenvectorMatrix;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => (found[b] ?? 0) - (found[a] ?? 0) || a - b);
  const vectors = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    order.forEach((source, i) => {
      vectors[row * n + i] = columns.get(row, source);
    });
  }
  const unscaled = Float64Array.from(order, (i) => found[i] ?? 0);
  const residual = largestResidual(m, vectors, unscaled);
  if (!(residual <= LARGEST_RESIDUAL)) {
    throw new NotConvergedError({
      source: "symmetricEigen",
      problem: `the eigenvectors of the ${n} x ${n} matrix miss their equation by ${residual}`,
      remedy: "Rescale rows and columns that differ by many orders of magnitude",
    });
  }
  return { values: unscaled.map((value) => value * scale), vectors, residual };
}

/** Largest entry of `m V - V D`. */
function largestResidual(m: Matrix, vectors: Float64Array, values: Float64Array): number {
  const n = values.length;
  const sum = new Float64Array(n);
  let worst = 0;
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < n; i++) sum[i] = -(values[i] ?? 0) * (vectors[row * n + i] ?? 0);
    for (let k = 0; k < n; k++) {
      const weight = m.get(row, k);
      if (weight === 0) continue;
      for (let i = 0; i < n; i++) sum[i] = (sum[i] ?? 0) + weight * (vectors[k * n + i] ?? 0);
    }
    for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs(sum[i] ?? 0));
  }
  return worst;
}
