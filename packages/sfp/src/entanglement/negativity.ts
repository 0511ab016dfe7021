import type { EntropyOptions } from "@semifactor/ghmm";
import { unitsPerNat } from "@semifactor/ghmm/internal";
import { hermitianEigenvalues } from "./_internal/hermitian-eigen.ts";
import { readDensityOfFactors } from "./_internal/read-density.ts";
import type { DensityMatrix, DensityOptions, Dimensions } from "./density-matrix.ts";
import { transposeSide } from "./partial-transpose.ts";

/** Options of {@link negativity}. */
export interface NegativityOptions extends DensityOptions {
  /** Take a positive matrix of any trace `t`, for which the negativity is `(|rho^T_C|_1 - t) / 2`. @defaultValue false */
  readonly anyTrace?: boolean;
}

function negativePart(source: string, rho: DensityMatrix, dimensions: Dimensions, options: NegativityOptions): number {
  const square = readDensityOfFactors(source, rho, dimensions, options);
  const values = hermitianEigenvalues(transposeSide(square, dimensions, "second"));
  return values.reduce((sum, value) => (value < 0 ? sum - value : sum), 0);
}

/**
 * Negativity `N = (|rho^T_C|_1 - 1) / 2`, the sum of the moduli of the negative eigenvalues of the partial transpose.
 *
 * Zero for separable states, and for some entangled ones from 2 x 4 and 3 x 3 on; `(d - 1) / 2` at most, `d = min(dA, dC)`. It does not
 * matter which side is transposed. For a pure state with Schmidt coefficients `s` it is `((sum s)^2 - 1) / 2` (T23). It has no unit.
 *
 * @param rho - density matrix `[dA * dC, dA * dC]`
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if the dimensions do not multiply to the number of rows
 * @example
 * ```ts
 * import { negativity, pureDensity } from "@semifactor/sfp";
 *
 * const bell = pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
 * expect(negativity(bell, [2, 2])).toBeCloseTo(0.5, 14);
 * ```
 *
 * Source: Vidal and Werner, Phys. Rev. A 65, 032314 (2002).
 */
export function negativity(rho: DensityMatrix, dimensions: Dimensions, options: NegativityOptions = {}): number {
  return negativePart("negativity", rho, dimensions, options);
}

/**
 * Logarithmic negativity `log |rho^T_C|_1 = log(2 N + 1)`, in bits unless `unit` says nats.
 *
 * Additive over independent pairs; for a pure state it is the Renyi entropy of order 1/2 of either factor (T23).
 *
 * @param rho - density matrix `[dA * dC, dA * dC]`
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if the dimensions do not multiply to the number of rows
 * @example
 * ```ts
 * import { logNegativity, pureDensity } from "@semifactor/sfp";
 *
 * const bell = pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
 * expect(logNegativity(bell, [2, 2])).toBeCloseTo(1, 14);
 * ```
 */
export function logNegativity(
  rho: DensityMatrix,
  dimensions: Dimensions,
  options: EntropyOptions & DensityOptions = {},
): number {
  const source = "logNegativity";
  const scale = unitsPerNat(source, options.unit ?? "bits");
  const { tolerance } = options;
  const negative = negativePart(source, rho, dimensions, tolerance === undefined ? {} : { tolerance });
  return Math.log1p(2 * negative) * scale;
}
