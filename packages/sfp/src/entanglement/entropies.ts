import { unitsPerNat } from "@semifactor/ghmm/internal";
import { checkRange } from "../_internal/checks.ts";
import { hermitianEigenvalues } from "./_internal/hermitian-eigen.ts";
import { readDensity } from "./_internal/read-density.ts";
import { clipped, spectrumEntropy } from "./_internal/spectrum-entropy.ts";
import type { DensityEntropyOptions, DensityMatrix, DensityOptions } from "./density-matrix.ts";

/**
 * Von Neumann entropy `S(rho) = -tr rho log rho`, in bits unless `unit` says nats.
 *
 * From 0 (pure states) to `log d` (`I / d`). Eigenvalues at or below `clip` count as zero.
 *
 * @param rho - density matrix `[d, d]`
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if `rho` is not square
 * @example
 * ```ts
 * import { vonNeumannEntropy } from "@semifactor/sfp";
 *
 * expect(vonNeumannEntropy([0.5, 0, 0, 0.5])).toBeCloseTo(1, 14);
 * expect(vonNeumannEntropy([0.5, 0.5, 0.5, 0.5])).toBeCloseTo(0, 14);
 * ```
 */
export function vonNeumannEntropy(rho: DensityMatrix, options: DensityEntropyOptions = {}): number {
  const source = "vonNeumannEntropy";
  return spectrumEntropy(source, hermitianEigenvalues(readDensity(source, rho, options)), options);
}

/**
 * Renyi entropy `log(tr rho^order) / (1 - order)`, in bits unless `unit` says nats: order 0 is the logarithm of the rank, 1 von Neumann's
 * entropy, 2 minus the logarithm of the purity, infinity minus that of the largest eigenvalue. It falls with the order.
 *
 * @param rho - density matrix `[d, d]`
 * @param order - from 0 to infinity
 * @throws InvalidArgumentError if the order is negative or NaN, an entry is not finite, `rho` is not Hermitian or has a negative
 * eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if `rho` is not square
 * @example
 * ```ts
 * import { renyiEntropy } from "@semifactor/sfp";
 *
 * const rho = [0.8, 0, 0, 0.2];
 * expect(renyiEntropy(rho, 0)).toBe(1);
 * expect(renyiEntropy(rho, 2)).toBeCloseTo(-Math.log2(0.68), 14);
 * expect(renyiEntropy(rho, Infinity)).toBeCloseTo(-Math.log2(0.8), 14);
 * ```
 */
export function renyiEntropy(rho: DensityMatrix, order: number, options: DensityEntropyOptions = {}): number {
  const source = "renyiEntropy";
  if (order !== Number.POSITIVE_INFINITY) checkRange(source, "order", order, 0, Number.MAX_VALUE);
  const scale = unitsPerNat(source, options.unit ?? "bits");
  const values = hermitianEigenvalues(readDensity(source, rho, options));
  if (order === 1) return spectrumEntropy(source, values, options);
  const kept = clipped(source, values, options);
  if (order === 0) return Math.log(kept.length) * scale;
  // relative to the largest eigenvalue, so that no power underflows
  const largest = kept.reduce((max, value) => Math.max(max, value), 0);
  const logLargest = Math.log(largest);
  if (order === Number.POSITIVE_INFINITY) return Math.max(0, -logLargest) * scale;
  if (Math.abs(order - 1) > 0.5) {
    const sum = kept.reduce((total, value) => total + (value / largest) ** order, 0);
    // order / (1 - order) would overflow to NaN only for an infinite order
    return Math.max(0, Math.log(sum) / (1 - order) + (order / (1 - order)) * logLargest) * scale;
  }
  // near order 1 the logarithm of a sum near 1 is divided by something small: sum p^order - 1 = sum p (p^(order - 1) - 1), which
  // needs an exact sum of the p, and digits that do not cancel
  const total = kept.reduce((sum, value) => sum + value, 0);
  const excess = kept.reduce((sum, value) => {
    const p = value / total;
    return sum + p * Math.expm1((order - 1) * Math.log(p));
  }, 0);
  return Math.max(0, Math.log1p(excess) / (1 - order)) * scale;
}

/**
 * Linear entropy `1 - tr rho^2`: zero for pure states, `1 - 1 / d` for `I / d`. It has no unit.
 *
 * @param rho - density matrix `[d, d]`
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if `rho` is not square
 * @example
 * ```ts
 * import { linearEntropy } from "@semifactor/sfp";
 *
 * expect(linearEntropy([0.5, 0, 0, 0.5])).toBe(0.5);
 * ```
 */
export function linearEntropy(rho: DensityMatrix, options: DensityOptions = {}): number {
  const { re, im } = readDensity("linearEntropy", rho, options);
  // tr rho^2 is the sum of the squared moduli of a Hermitian matrix
  const purity = re.reduce((sum, value, at) => sum + value ** 2 + (im?.[at] ?? 0) ** 2, 0);
  return Math.max(0, 1 - purity);
}
