import { type EntropyOptions, ShapeError, shannonEntropy, singularValueDecomposition } from "@semifactor/ghmm";
import { hermitianEigen } from "./_internal/hermitian-eigen.ts";
import { readDensity } from "./_internal/read-density.ts";
import type { DensityMatrix, DensityOptions } from "./density-matrix.ts";

function ofTwoQubits(source: string, rho: DensityMatrix, options: DensityOptions): number {
  const square = readDensity(source, rho, options);
  if (square.n !== 4) {
    throw new ShapeError({
      source,
      problem: `rho is ${square.n} x ${square.n}`,
      remedy: "Give a state of two factors of dimension 2: other dimensions have no such formula (use negativity)",
    });
  }
  // rho = X X^dagger; the numbers of Wootters are the singular values of X^T (sigma_y (x) sigma_y) X
  const { values, vectors } = hermitianEigen(square);
  const root = Array.from(values, (value) => Math.sqrt(Math.max(value, 0)));
  const x = (i: number, k: number): readonly [number, number] => {
    const scale = root[k] ?? 0;
    return [scale * (vectors.re[i * 4 + k] ?? 0), scale * (vectors.im?.[i * 4 + k] ?? 0)];
  };
  const sign = [-1, 1, 1, -1];
  const doubled = new Float64Array(64);
  for (let k = 0; k < 4; k++) {
    for (let l = 0; l < 4; l++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < 4; i++) {
        const [a, b] = x(i, k);
        const [c, d] = x(3 - i, l);
        re += (sign[i] ?? 0) * (a * c - b * d);
        im += (sign[i] ?? 0) * (a * d + b * c);
      }
      // [[re, -im], [im, re]] has every singular value twice
      doubled[k * 8 + l] = re;
      doubled[(k + 4) * 8 + l + 4] = re;
      doubled[k * 8 + l + 4] = -im;
      doubled[(k + 4) * 8 + l] = im;
    }
  }
  const { values: s } = singularValueDecomposition(doubled, [8, 8]);
  const [first = 0, ...others] = [0, 1, 2, 3].map((i) => ((s[2 * i] ?? 0) + (s[2 * i + 1] ?? 0)) / 2);
  return Math.min(1, Math.max(0, first - others.reduce((sum, value) => sum + value, 0)));
}

/**
 * Concurrence of a state of two factors of dimension 2, from 0 (separable) to 1 (maximally entangled): `max(0, l1 - l2 - l3 - l4)` with
 * `l` the square roots of the eigenvalues of `rho (sigma_y (x) sigma_y) rho* (sigma_y (x) sigma_y)`, largest first.
 *
 * For `cos t |00> + sin t |11>` it is `|sin 2t|`. It has no unit.
 *
 * @param rho - density matrix `[4, 4]`
 * @throws ShapeError if `rho` is not 4 x 4
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue; NotNormalizedError if the
 * trace is not one
 * @example
 * ```ts
 * import { concurrence, pureDensity } from "@semifactor/sfp";
 *
 * const t = Math.PI / 6;
 * expect(concurrence(pureDensity([Math.cos(t), 0, 0, Math.sin(t)]))).toBeCloseTo(Math.sqrt(3) / 2, 14);
 * ```
 *
 * Source: Wootters, Phys. Rev. Lett. 80, 2245 (1998).
 */
export function concurrence(rho: DensityMatrix, options: DensityOptions = {}): number {
  return ofTwoQubits("concurrence", rho, options);
}

/**
 * Entanglement of formation of a state of two factors of dimension 2: `H2((1 + sqrt(1 - C^2)) / 2)` with the concurrence `C`, in bits
 * unless `unit` says nats.
 *
 * The smallest mean Schmidt entropy of an ensemble of pure states with density matrix `rho`; so it is at most the mean entropy of any
 * ensemble that `rho` was made from (T22).
 *
 * @param rho - density matrix `[4, 4]`
 * @throws ShapeError if `rho` is not 4 x 4
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue; NotNormalizedError if the
 * trace is not one
 * @example
 * ```ts
 * import { entanglementOfFormation, pureDensity } from "@semifactor/sfp";
 *
 * const bell = pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
 * expect(entanglementOfFormation(bell)).toBeCloseTo(1, 12);
 * ```
 *
 * Source: Wootters, Phys. Rev. Lett. 80, 2245 (1998).
 */
export function entanglementOfFormation(rho: DensityMatrix, options: EntropyOptions & DensityOptions = {}): number {
  const c = ofTwoQubits("entanglementOfFormation", rho, options);
  // (1 - sqrt(1 - c^2)) / 2 without cancellation
  const small = (c * c) / (2 * (1 + Math.sqrt(1 - c * c)));
  return shannonEntropy([small, 1 - small], { unit: options.unit ?? "bits" });
}
