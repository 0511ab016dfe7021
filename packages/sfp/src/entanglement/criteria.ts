import { singularValueDecomposition } from "@semifactor/ghmm";
import { hermitianCorrelations } from "./_internal/hermitian-correlations.ts";
import { hermitianEigenvalues } from "./_internal/hermitian-eigen.ts";
import { DENSITY_TOLERANCE, readDensityOfFactors } from "./_internal/read-density.ts";
import type { DensityMatrix, DensityOptions, Dimensions } from "./density-matrix.ts";
import { transposeSide } from "./partial-transpose.ts";

/** What a criterion says of a state. */
export interface CriterionResult {
  /** The number that the criterion looks at. */
  readonly value: number;
  /** Whether the criterion is violated by more than the tolerance, which proves entanglement. */
  readonly entangled: boolean;
}

/**
 * The criterion of positive partial transpose (PPT): a negative eigenvalue of `rho^T_C` proves entanglement.
 *
 * `value` is the smallest eigenvalue. In 2 x 2, 2 x 3 and 3 x 2 dimensions the states that pass are the separable ones; from 2 x 4 and
 * 3 x 3 on some entangled states pass too.
 *
 * @param rho - density matrix `[dA * dC, dA * dC]`
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if the dimensions do not multiply to the number of rows
 * @example
 * ```ts
 * import { pptCriterion, pureDensity } from "@semifactor/sfp";
 *
 * const { value, entangled } = pptCriterion(pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]), [2, 2]);
 * expect(value).toBeCloseTo(-0.5, 14);
 * expect(entangled).toBe(true);
 * ```
 *
 * Source: Peres, Phys. Rev. Lett. 77, 1413 (1996); M., P. and R. Horodecki, Phys. Lett. A 223, 1 (1996).
 */
export function pptCriterion(
  rho: DensityMatrix,
  dimensions: Dimensions,
  options: DensityOptions = {},
): CriterionResult {
  const square = readDensityOfFactors("pptCriterion", rho, dimensions, options);
  const value = hermitianEigenvalues(transposeSide(square, dimensions, "second"))[square.n - 1] ?? 0;
  return { value, entangled: value < -(options.tolerance ?? DENSITY_TOLERANCE) };
}

/**
 * The criterion of the computable cross norm, or realignment (CCNR): a sum of singular values of the realignment above one proves
 * entanglement.
 *
 * `value` is that sum. It finds some entangled states that PPT does not, and misses some that PPT finds. For a pure state with Schmidt
 * coefficients `s` it is `(sum s)^2` (T23).
 *
 * @param rho - density matrix `[dA * dC, dA * dC]`
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if the dimensions do not multiply to the number of rows
 * @example
 * ```ts
 * import { ccnrCriterion, pureDensity } from "@semifactor/sfp";
 *
 * const { value, entangled } = ccnrCriterion(pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]), [2, 2]);
 * expect(value).toBeCloseTo(2, 14);
 * expect(entangled).toBe(true);
 * ```
 *
 * Source: Chen and Wu, Quantum Inf. Comput. 3, 193 (2003); Rudolph, Quantum Inf. Process. 4, 219 (2005).
 */
export function ccnrCriterion(
  rho: DensityMatrix,
  dimensions: Dimensions,
  options: DensityOptions = {},
): CriterionResult {
  const square = readDensityOfFactors("ccnrCriterion", rho, dimensions, options);
  const [dA, dC] = dimensions;
  const { values } = singularValueDecomposition(hermitianCorrelations(square, dimensions), [dA * dA, dC * dC]);
  const value = values.reduce((sum, one) => sum + one, 0);
  return { value, entangled: value > 1 + (options.tolerance ?? DENSITY_TOLERANCE) };
}
