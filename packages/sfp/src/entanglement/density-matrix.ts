import type { EntropyOptions } from "@semifactor/ghmm";

/**
 * Dimensions `[dA, dC]` of the two factors of a belief or density matrix; state `(a, c)` has index `a * dC + c`.
 *
 * @example
 * ```ts
 * import { type Dimensions, schmidt } from "@semifactor/sfp";
 *
 * const dimensions: Dimensions = [2, 3];
 * expect(schmidt([1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6], dimensions).rank).toBe(1);
 * ```
 */
export type Dimensions = readonly [first: number, second: number];

/** A complex matrix, or vector, as its real and imaginary parts, row-major. */
export interface ComplexMatrix<Entries extends ArrayLike<number> = ArrayLike<number>> {
  readonly re: Entries;
  readonly im: Entries;
}

/**
 * A density matrix `[d, d]`, row-major: Hermitian, positive semidefinite, of trace one. A plain array is a real matrix.
 *
 * @example
 * ```ts
 * import { type DensityMatrix, vonNeumannEntropy } from "@semifactor/sfp";
 *
 * // (I + sigma_y) / 2, a pure state of a qubit
 * const rho: DensityMatrix = { re: [0.5, 0, 0, 0.5], im: [0, -0.5, 0.5, 0] };
 * expect(vonNeumannEntropy(rho)).toBeCloseTo(0, 14);
 * ```
 */
export type DensityMatrix = ArrayLike<number> | ComplexMatrix;

/** Options of everything that takes a density matrix. */
export interface DensityOptions {
  /**
   * Largest rounding accepted: distance of the trace from 1, difference of an entry from the conjugate across the diagonal, size of a
   * negative eigenvalue. A criterion counts as violated only beyond it. @defaultValue 1e-9
   */
  readonly tolerance?: number;
}

/** Options of the entropies of density matrices. */
export interface DensityEntropyOptions extends EntropyOptions, DensityOptions {
  /** Eigenvalues at or below this count as zero: rounding would otherwise show in orders below one. @defaultValue 1e-14 */
  readonly clip?: number;
}
