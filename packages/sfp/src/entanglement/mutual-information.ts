import { type EntropyOptions, klDivergence, shannonEntropy } from "@semifactor/ghmm";
import { kroneckerVector } from "@semifactor/ghmm/internal";
import { sideLaws } from "../_internal/side-laws.ts";
import { hermitianEigenvalues } from "./_internal/hermitian-eigen.ts";
import { readBelief, readDensityOfFactors, readProbabilities } from "./_internal/read-density.ts";
import { spectrumEntropy } from "./_internal/spectrum-entropy.ts";
import type { DensityEntropyOptions, DensityMatrix, Dimensions } from "./density-matrix.ts";
import type { ProbabilityOptions } from "./embeddings.ts";
import { traceOut } from "./partial-trace.ts";

/** A joint law and its marginals, checked. */
function readJoint(source: string, belief: ArrayLike<number>, dimensions: Dimensions, clip: number | undefined) {
  readBelief(source, belief, dimensions);
  const joint = readProbabilities(source, "belief", belief, clip);
  return { joint, ...sideLaws(joint, dimensions) };
}

/**
 * Mutual information of a belief over two factors, `I(A:C) = H(b_A) + H(b_C) - H(b)`, in bits unless `unit` says nats.
 *
 * The correlation of a classical distribution that no choice of coordinates changes: zero exactly for products, at most
 * `log min(dA, dC)`, and never increased by processing one factor alone (T21d).
 *
 * @param belief - probabilities, `[dA * dC]`
 * @throws InvalidArgumentError if an entry is negative or not finite; NotNormalizedError if the sum is not one (1e-9)
 * @throws ShapeError if the dimensions do not multiply to the number of states
 * @example
 * ```ts
 * import { mutualInformation } from "@semifactor/sfp";
 *
 * expect(mutualInformation([0.5, 0, 0, 0.5], [2, 2])).toBe(1);
 * expect(mutualInformation([0.25, 0.25, 0.25, 0.25], [2, 2])).toBe(0);
 * ```
 */
export function mutualInformation(
  belief: ArrayLike<number>,
  dimensions: Dimensions,
  options: EntropyOptions & ProbabilityOptions = {},
): number {
  const { joint, first, second } = readJoint("mutualInformation", belief, dimensions, options.clip);
  const entropy = (law: Float64Array): number => shannonEntropy(law, { unit: options.unit ?? "bits" });
  return Math.max(0, entropy(first) + entropy(second) - entropy(joint));
}

/**
 * Relative entropy of factorization of a belief: the smallest `D(b || q)` over product distributions `q`, in bits unless `unit`
 * says nats.
 *
 * The closest product is that of the marginals, so this is `D(b || b_A (x) b_C)`, which equals the mutual information.
 *
 * @param belief - probabilities, `[dA * dC]`
 * @throws InvalidArgumentError if an entry is negative or not finite; NotNormalizedError if the sum is not one (1e-9)
 * @throws ShapeError if the dimensions do not multiply to the number of states
 * @example
 * ```ts
 * import { relativeEntropyOfFactorization } from "@semifactor/sfp";
 *
 * expect(relativeEntropyOfFactorization([0.5, 0, 0, 0.5], [2, 2])).toBeCloseTo(1, 14);
 * ```
 */
export function relativeEntropyOfFactorization(
  belief: ArrayLike<number>,
  dimensions: Dimensions,
  options: EntropyOptions & ProbabilityOptions = {},
): number {
  const source = "relativeEntropyOfFactorization";
  const { joint, first, second } = readJoint(source, belief, dimensions, options.clip);
  return Math.max(0, klDivergence(joint, kroneckerVector(first, second), { unit: options.unit ?? "bits" }));
}

/**
 * Quantum mutual information `S(rho_A) + S(rho_C) - S(rho)`, in bits unless `unit` says nats.
 *
 * Zero exactly for `rho_A (x) rho_C`; at most `2 log min(dA, dC)`, twice what a classical distribution can have. It counts classical
 * correlation too: of `diag(b)` it is the mutual information of `b` (T22), and of a pure state twice its Schmidt entropy (T20).
 *
 * @param rho - density matrix `[dA * dC, dA * dC]`
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if the dimensions do not multiply to the number of rows
 * @example
 * ```ts
 * import { pureDensity, quantumMutualInformation } from "@semifactor/sfp";
 *
 * const bell = pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
 * expect(quantumMutualInformation(bell, [2, 2])).toBeCloseTo(2, 14);
 * ```
 */
export function quantumMutualInformation(
  rho: DensityMatrix,
  dimensions: Dimensions,
  options: DensityEntropyOptions = {},
): number {
  const source = "quantumMutualInformation";
  const square = readDensityOfFactors(source, rho, dimensions, options);
  const [whole, first, second] = [
    square,
    traceOut(square, dimensions, "first"),
    traceOut(square, dimensions, "second"),
  ].map((state) => spectrumEntropy(source, hermitianEigenvalues(state), options));
  return Math.max(0, (first ?? 0) + (second ?? 0) - (whole ?? 0));
}
