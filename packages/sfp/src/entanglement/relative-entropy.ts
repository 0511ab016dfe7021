import { ShapeError } from "@semifactor/ghmm";
import { unitsPerNat } from "@semifactor/ghmm/internal";
import { hermitianEigen, hermitianEigenvalues } from "./_internal/hermitian-eigen.ts";
import { DENSITY_TOLERANCE, readDensity, SPECTRUM_CLIP } from "./_internal/read-density.ts";
import { clipped } from "./_internal/spectrum-entropy.ts";
import type { DensityEntropyOptions, DensityMatrix } from "./density-matrix.ts";

/**
 * Quantum relative entropy `S(rho || sigma) = tr rho (log rho - log sigma)`, in bits unless `unit` says nats.
 *
 * Not negative, zero exactly for equal states, and infinite when `rho` has weight (beyond the tolerance) where `sigma` has none, that is
 * on eigenvectors of `sigma` with eigenvalues at or below `clip`. Of two diagonal states it is the Kullback-Leibler divergence.
 *
 * @param rho - density matrix `[d, d]`
 * @param sigma - density matrix `[d, d]`
 * @throws InvalidArgumentError if an entry is not finite or a matrix is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if a trace is not one; ShapeError if a matrix is not square or the sizes differ
 * @example
 * ```ts
 * import { relativeEntropy } from "@semifactor/sfp";
 *
 * const pure = [1, 0, 0, 0];
 * expect(relativeEntropy(pure, [0.5, 0, 0, 0.5])).toBeCloseTo(1, 14);
 * expect(relativeEntropy(pure, [0, 0, 0, 1])).toBe(Infinity);
 * ```
 */
export function relativeEntropy(rho: DensityMatrix, sigma: DensityMatrix, options: DensityEntropyOptions = {}): number {
  const source = "relativeEntropy";
  const scale = unitsPerNat(source, options.unit ?? "bits");
  const { tolerance = DENSITY_TOLERANCE, clip = SPECTRUM_CLIP } = options;
  const state = readDensity(source, rho, options);
  const reference = readDensity(source, sigma, { ...options, name: "sigma" });
  const { n, re, im } = state;
  if (reference.n !== n) {
    throw new ShapeError({
      source,
      problem: `rho is ${n} x ${n} and sigma ${reference.n} x ${reference.n}`,
      remedy: "Give states of one space",
    });
  }
  // tr rho log rho
  let sum = clipped(source, hermitianEigenvalues(state), options).reduce((s, value) => s + value * Math.log(value), 0);
  const { values, vectors } = hermitianEigen(reference);
  let outside = 0;
  for (let k = 0; k < n; k++) {
    // <v|rho|v> of the eigenvector v of sigma
    let weight = 0;
    for (let i = 0; i < n; i++) {
      const [a, b] = [vectors.re[i * n + k] ?? 0, vectors.im?.[i * n + k] ?? 0];
      let [real, imaginary] = [0, 0];
      for (let j = 0; j < n; j++) {
        const [c, d] = [re[i * n + j] ?? 0, im?.[i * n + j] ?? 0];
        const [e, f] = [vectors.re[j * n + k] ?? 0, vectors.im?.[j * n + k] ?? 0];
        real += c * e - d * f;
        imaginary += c * f + d * e;
      }
      weight += a * real + b * imaginary;
    }
    const value = values[k] ?? 0;
    if (value > clip) sum -= weight * Math.log(value);
    else outside += Math.max(weight, 0);
  }
  return outside > tolerance ? Number.POSITIVE_INFINITY : Math.max(0, sum) * scale;
}
