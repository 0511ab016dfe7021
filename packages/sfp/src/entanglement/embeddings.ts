import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkFinite } from "../_internal/checks.ts";
import { isComplex, readBelief, readProbabilities } from "./_internal/read-density.ts";
import type { ComplexMatrix, Dimensions } from "./density-matrix.ts";

/** Options of the embeddings of probabilities. */
export interface ProbabilityOptions {
  /** Entries from `-clip` to 0 are rounding and count as zeros; anything more negative is refused. @defaultValue 1e-12 */
  readonly clip?: number;
}

/**
 * The square-root state of a belief, `psi_ac = sqrt(b_ac)` (construction D2).
 *
 * Its Schmidt entropy is zero exactly when `b` is a product, at most `log min(dA, dC)`, and equals the entropy of either factor when
 * the two determine each other. It bounds the mutual information of the belief from above (T20). It belongs to a coherent encoding of a
 * classical distribution: it is no quantum resource, and local processing of the belief can increase it (T21e).
 *
 * @param belief - probabilities, `[dA * dC]`
 * @returns `[dA * dC]`, a unit vector
 * @throws InvalidArgumentError if an entry is negative or not finite; NotNormalizedError if the sum is not one (1e-9)
 * @throws ShapeError if the dimensions do not multiply to the number of states
 * @example
 * ```ts
 * import { squareRootState } from "@semifactor/sfp";
 *
 * expect(Array.from(squareRootState([0.25, 0.25, 0.25, 0.25], [2, 2]))).toEqual([0.5, 0.5, 0.5, 0.5]);
 * expect(() => squareRootState([1.5, -0.5], [2, 1])).toThrow("belief[1] is -0.5");
 * ```
 */
export function squareRootState(
  belief: ArrayLike<number>,
  dimensions: Dimensions,
  options: ProbabilityOptions = {},
): Float64Array {
  const source = "squareRootState";
  readBelief(source, belief, dimensions);
  const law = readProbabilities(source, "belief", belief, options.clip);
  const total = law.reduce((sum, value) => sum + value, 0);
  return law.map((value) => Math.sqrt(value / total));
}

/**
 * The amplitude state of a belief, `psi = vec(b) / |b|_2` (construction D1): the one for beliefs with entries of both signs.
 *
 * Its Schmidt entropy is zero exactly when `b` is a product and at most `log min(dA, dC)`. It depends on the coordinates: only local
 * orthogonal changes of basis keep it; splitting a state into clones, or local stochastic maps, do not (T21).
 *
 * @param belief - any vector but zero, `[dA * dC]`
 * @returns `[dA * dC]`, a unit vector
 * @throws InvalidArgumentError if an entry is not finite or all are zero
 * @throws ShapeError if the dimensions do not multiply to the number of states
 * @example
 * ```ts
 * import { amplitudeState } from "@semifactor/sfp";
 *
 * expect(Array.from(amplitudeState([1.5, -2], [1, 2]))).toEqual([0.6, -0.8]);
 * ```
 */
export function amplitudeState(belief: ArrayLike<number>, dimensions: Dimensions): Float64Array {
  const source = "amplitudeState";
  const vector = readBelief(source, belief, dimensions);
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0)) {
    throw new InvalidArgumentError({ source, problem: "belief is zero", remedy: "Give a vector with some entry" });
  }
  // relative to the largest entry, so that squares neither overflow nor vanish
  const relative = vector.map((value) => value / largest);
  const norm = Math.sqrt(relative.reduce((sum, value) => sum + value ** 2, 0));
  return relative.map((value) => value / norm);
}

/**
 * The diagonal state of a belief, `rho = diag(b)` (construction D3): classical correlation and nothing else.
 *
 * It is separable for every belief, so all measures of entanglement are zero on it; its quantum mutual information is the mutual
 * information of the belief (T22).
 *
 * @param belief - probabilities, `[d]`
 * @returns `[d, d]`
 * @throws InvalidArgumentError if an entry is negative or not finite; NotNormalizedError if the sum is not one (1e-9)
 * @example
 * ```ts
 * import { diagonalState, negativity, quantumMutualInformation } from "@semifactor/sfp";
 *
 * const rho = diagonalState([0.5, 0, 0, 0.5]);
 * expect(negativity(rho, [2, 2])).toBeCloseTo(0, 14);
 * expect(quantumMutualInformation(rho, [2, 2])).toBeCloseTo(1, 14);
 * ```
 */
export function diagonalState(belief: ArrayLike<number>, options: ProbabilityOptions = {}): Float64Array {
  const law = readProbabilities("diagonalState", "belief", belief, options.clip);
  const d = law.length;
  const rho = new Float64Array(d * d);
  law.forEach((value, s) => {
    rho[s * d + s] = value;
  });
  return rho;
}

/** Throws unless the vector has length one within 1e-9. */
export function checkUnit(source: string, name: string, parts: readonly ArrayLike<number>[]): void {
  let norm = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) norm += (part[i] ?? 0) ** 2;
  if (Math.abs(norm - 1) <= 1e-9) return;
  throw new NotNormalizedError({ source, problem: `|${name}|^2 is ${norm}`, remedy: `Divide ${name} by its length` });
}

/**
 * The density matrix of a pure state, `rho = psi psi^dagger`.
 *
 * @param psi - unit vector `[d]`, real or complex
 * @returns `[d, d]`
 * @throws NotNormalizedError if `|psi|^2` is not one (1e-9); InvalidArgumentError if an entry is not finite
 * @throws ShapeError if real and imaginary part have different lengths
 * @example
 * ```ts
 * import { pureDensity } from "@semifactor/sfp";
 *
 * expect(Array.from(pureDensity([0.6, 0.8]))).toEqual([0.36, 0.48, 0.48, 0.64].map((value) => expect.closeTo(value, 14)));
 * ```
 */
export function pureDensity(psi: ArrayLike<number>): Float64Array;
export function pureDensity(psi: ComplexMatrix): ComplexMatrix<Float64Array>;
export function pureDensity(psi: ArrayLike<number> | ComplexMatrix): Float64Array | ComplexMatrix<Float64Array> {
  const source = "pureDensity";
  const complex = isComplex(psi);
  const [x, y] = complex ? [psi.re, psi.im] : [psi, undefined];
  for (const part of y === undefined ? [x] : [x, y]) {
    checkList(source, "psi", part);
    checkFinite(source, "psi", part);
  }
  const d = x.length;
  if (y !== undefined && y.length !== d) {
    throw new ShapeError({
      source,
      problem: `psi.re has ${d} entries and psi.im ${y.length}`,
      remedy: "Give as many of each",
    });
  }
  checkUnit(source, "psi", y === undefined ? [x] : [x, y]);
  const [re, im] = [new Float64Array(d * d), new Float64Array(d * d)];
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const [a, b, c, e] = [x[i] ?? 0, y?.[i] ?? 0, x[j] ?? 0, y?.[j] ?? 0];
      re[i * d + j] = a * c + b * e;
      im[i * d + j] = b * c - a * e;
    }
  }
  return complex ? { re, im } : re;
}
