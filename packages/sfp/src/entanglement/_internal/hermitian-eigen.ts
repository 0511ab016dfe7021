import { symmetricEigen } from "@semifactor/ghmm/internal";
import type { Square } from "./square.ts";
import { tridiagonalize } from "./tridiagonal.ts";

/** A Hermitian matrix as `V diag(values) V^dagger`. */
export interface HermitianEigen {
  /** `[n]`, largest first. */
  readonly values: Float64Array;
  /** Row-major `[n, n]` parts of `V`: column `i` is the unit eigenvector of `values[i]`. Real for a real matrix. */
  readonly vectors: Square;
}

/** Eigenvalues of a Hermitian matrix, `[n]`, largest first. */
export function hermitianEigenvalues(square: Square): Float64Array {
  const { n, re, im } = square;
  return symmetricEigen(im === undefined ? re : tridiagonalize(square).matrix, n).values;
}

/** Eigenvalues and orthonormal eigenvectors of a Hermitian matrix. */
export function hermitianEigen(square: Square): HermitianEigen {
  const { n, re, im } = square;
  if (im === undefined) {
    const { values, vectors } = symmetricEigen(re, n);
    return { values, vectors: { n, re: vectors, im: undefined } };
  }
  const { matrix, back } = tridiagonalize(square);
  const { values, vectors } = symmetricEigen(matrix, n);
  return { values, vectors: { n, ...back(vectors) } };
}
