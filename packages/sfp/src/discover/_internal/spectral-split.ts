import { NotConvergedError, singularValueDecomposition } from "@semifactor/ghmm";
import { eigenvalues, multiply, solveLinearSystem } from "@semifactor/ghmm/internal";

/** Two complementary invariant subspaces of a matrix. */
export interface SpectralSplit {
  /** Row-major `[n, n]`: orthonormal columns of the first subspace, then of the second. */
  readonly basis: Float64Array;
  /** Inverse of `basis`. */
  readonly inverse: Float64Array;
  /** Dimension of the first subspace, that of the eigenvalues left of the line. */
  readonly first: number;
}

/** A vertical line in the complex plane with eigenvalues on both sides. */
export interface SpectralGap {
  readonly at: number;
  /** Distance between the real parts next to the line. */
  readonly width: number;
  /** Number of eigenvalues left of the line. */
  readonly left: number;
}

/** Most steps of the Newton iteration: with scaling it needs about ten, and some thirty for eigenvalues at 1e-9 of the line. */
const MOST_STEPS = 60;
/** A larger norm means that the line cuts a defective eigenvalue, spread by rounding. */
const LARGEST_SIGN = 1e5;

export function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}

export function frobenius(m: Float64Array): number {
  return Math.sqrt(m.reduce((sum, value) => sum + value * value, 0));
}

/** Gaps between the real parts of the eigenvalues, from left to right. */
export function spectralGaps(matrix: Float64Array, n: number): readonly SpectralGap[] {
  const real = eigenvalues(matrix, n).real.sort();
  return Array.from({ length: n - 1 }, (_, i) => {
    const [low = 0, high = 0] = [real[i], real[i + 1]];
    return { at: (low + high) / 2, width: high - low, left: i + 1 };
  });
}

/** The sign function `Z -> (Z + Z^-1) / 2` converges to; undefined where it does not. */
function matrixSign(matrix: Float64Array, n: number): Float64Array | undefined {
  let sign: Float64Array = matrix;
  let last = Number.POSITIVE_INFINITY;
  for (let step = 0; step < MOST_STEPS; step++) {
    const inverse = solveLinearSystem(sign, n, identity(n));
    const scale = last > 0.1 ? Math.sqrt(frobenius(inverse) / frobenius(sign)) : 1;
    const next = sign.map((value, i) => (scale * value + (inverse[i] ?? 0) / scale) / 2);
    const change = frobenius(next.map((value, i) => value - (sign[i] ?? 0))) / frobenius(next);
    sign = next;
    // the error squares at each step: below 1e-9 it is rounding at the next
    if (change < 1e-9 || (change < 1e-6 && change >= last))
      return frobenius(sign) <= LARGEST_SIGN * n ? sign : undefined;
    last = change;
  }
  return undefined;
}

/** Orthonormal basis of the column space of a projector of the given rank, row-major `[n, rank]`. */
function columnSpace(projector: Float64Array, n: number, rank: number): Float64Array {
  const { left } = singularValueDecomposition(projector, [n, n]);
  return Float64Array.from({ length: n * rank }, (_, i) => left[Math.floor(i / rank) * n + (i % rank)] ?? 0);
}

/**
 * Splits the space into the invariant subspaces of the eigenvalues left and right of a line, by the matrix sign function: no
 * eigenvectors are needed, so that repeated and defective eigenvalues do no harm if they are on one side.
 *
 * @returns undefined if the line is too near to an eigenvalue
 */
export function splitSpectrum(matrix: Float64Array, n: number, { at, left }: SpectralGap): SpectralSplit | undefined {
  try {
    const shifted = matrix.map((value, i) => (i % (n + 1) === 0 ? value - at : value));
    const sign = matrixSign(shifted, n);
    if (sign === undefined) return undefined;
    const unit = identity(n);
    const first = columnSpace(
      sign.map((value, i) => ((unit[i] ?? 0) - value) / 2),
      n,
      left,
    );
    const second = columnSpace(
      sign.map((value, i) => ((unit[i] ?? 0) + value) / 2),
      n,
      n - left,
    );
    const basis = Float64Array.from({ length: n * n }, (_, i) => {
      const [row, column] = [Math.floor(i / n), i % n];
      return (column < left ? first[row * left + column] : second[row * (n - left) + column - left]) ?? 0;
    });
    return { basis, inverse: solveLinearSystem(basis, n, unit), first: left };
  } catch (error) {
    if (error instanceof NotConvergedError) return undefined;
    throw error;
  }
}

/** The diagonal block of `inverse * matrix * basis` for the columns from `from` to `to`. */
export function restrict(matrix: Float64Array, columns: Float64Array, rows: Float64Array, d: number): Float64Array {
  return multiply(rows, multiply(matrix, columns, d), d);
}

/** Columns `from` to `to` of a row-major `[rows, n]` matrix. */
export function columnsOf(matrix: Float64Array, n: number, from: number, to: number): Float64Array {
  const width = to - from;
  const rows = matrix.length / n;
  return Float64Array.from(
    { length: rows * width },
    (_, i) => matrix[Math.floor(i / width) * n + from + (i % width)] ?? 0,
  );
}
