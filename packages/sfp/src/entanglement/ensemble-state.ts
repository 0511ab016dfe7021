import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkFinite, checkLength, checkObject } from "../_internal/checks.ts";
import { checkDimensions, readProbabilities } from "./_internal/read-density.ts";
import type { Dimensions } from "./density-matrix.ts";
import { checkUnit } from "./embeddings.ts";

/** Pure states with probabilities. */
export interface Ensemble {
  /** Probabilities, `[count]`. */
  readonly weights: ArrayLike<number>;
  /** Real unit vectors, `[count][d]`, such as {@link squareRootState} makes. */
  readonly states: readonly ArrayLike<number>[];
}

/** Checks vectors of one length; a hole of the list is none. */
function readRows(
  source: string,
  name: string,
  rows: readonly ArrayLike<number>[],
  d: number,
): readonly ArrayLike<number>[] {
  return Array.from(rows, (row, h) => {
    checkList(source, `${name}[${h}]`, row);
    checkLength(source, `${name}[${h}]`, row, d);
    checkFinite(source, `${name}[${h}]`, row);
    return row;
  });
}

/**
 * The density matrix of an ensemble of pure states, `rho = sum_h P(h) psi_h psi_h^T` (construction D4): of the beliefs after all words
 * of a length, for instance.
 *
 * If every `psi_h` is a product, `rho` is separable, so its negativity is zero (T22). The converse fails, so report the mean entropy of
 * the states beside the negativity of `rho`. Its quantum mutual information counts the correlation across histories too: it can be
 * positive when every state is a product.
 *
 * @returns `[d, d]`
 * @throws NotNormalizedError if the weights do not sum to one or a state is no unit vector (1e-9)
 * @throws InvalidArgumentError if a weight is negative or an entry not finite; ShapeError if lengths differ or there is no state
 * @example
 * ```ts
 * import { ensembleState, negativity } from "@semifactor/sfp";
 *
 * const rho = ensembleState({ weights: [0.5, 0.5], states: [[1, 0, 0, 0], [0, 0, 0, 1]] });
 * expect(negativity(rho, [2, 2])).toBeCloseTo(0, 14);
 * ```
 */
export function ensembleState(ensemble: Ensemble): Float64Array {
  const source = "ensembleState";
  checkObject(source, "the ensemble", ensemble);
  const { weights, states } = ensemble;
  checkList(source, "states", states);
  const law = readProbabilities(source, "weights", weights);
  const d = states[0]?.length ?? 0;
  if (states.length !== law.length || d === 0) {
    throw new ShapeError({
      source,
      problem: `there are ${law.length} weights and ${states.length} states${d === 0 ? ", the first empty" : ""}`,
      remedy: "Give one weight per state, and one state at least",
    });
  }
  const rho = new Float64Array(d * d);
  readRows(source, "states", states, d).forEach((psi, h) => {
    checkUnit(source, `states[${h}]`, [psi]);
    const weight = law[h] ?? 0;
    for (let i = 0; i < d; i++) {
      const scaled = weight * (psi[i] ?? 0);
      if (scaled === 0) continue;
      for (let j = 0; j < d; j++) rho[i * d + j] = (rho[i * d + j] ?? 0) + scaled * (psi[j] ?? 0);
    }
  });
  return rho;
}

/** Options of {@link covarianceState}. */
export interface CovarianceStateOptions {
  /** Probabilities of the points, `[count]`; equal ones by default. */
  readonly weights?: ArrayLike<number>;
}

/**
 * The covariance of points over two factors, scaled to trace one (construction D5): `Sigma = E[(b - mean)^T (b - mean)] / trace`.
 *
 * A diagnostic for beliefs read out of a network by a linear probe. Its realignment has rank one exactly when
 * `Sigma = Sigma_A (x) Sigma_C`. It describes second moments only, and only local orthogonal changes of basis keep its measures.
 *
 * @param points - `[count][dA * dC]`
 * @returns `[dA * dC, dA * dC]`, a density matrix
 * @throws InvalidArgumentError if all points are equal, an entry is not finite or a weight negative
 * @throws ShapeError if a point has another length than `dA * dC`, or the lengths differ; NotNormalizedError if the weights do not
 * sum to one
 * @example
 * ```ts
 * import { covarianceState } from "@semifactor/sfp";
 *
 * expect(Array.from(covarianceState([[1, 0], [0, 1]], [1, 2]))).toEqual([0.5, -0.5, -0.5, 0.5]);
 * ```
 */
export function covarianceState(
  points: readonly ArrayLike<number>[],
  dimensions: Dimensions,
  options: CovarianceStateOptions = {},
): Float64Array {
  const source = "covarianceState";
  checkList(source, "points", points);
  const count = points.length;
  if (count === 0) {
    throw new ShapeError({ source, problem: "points is empty", remedy: "Give two points at least" });
  }
  const law = readProbabilities(source, "weights", options.weights ?? new Float64Array(count).fill(1 / count));
  checkLength(source, "weights", law, count);
  const d = points[0]?.length ?? 0;
  checkDimensions(source, dimensions, d);
  const mean = new Float64Array(d);
  const given = readRows(source, "points", points, d);
  // relative to the largest entry, so that squares neither overflow nor vanish
  const size =
    given.reduce((most, point) => Array.from(point).reduce((m, v) => Math.max(m, Math.abs(v)), most), 0) || 1;
  const rows = given.map((point) => Float64Array.from(point, (value) => value / size));
  rows.forEach((point, h) => {
    for (let s = 0; s < d; s++) mean[s] = (mean[s] ?? 0) + (law[h] ?? 0) * (point[s] ?? 0);
  });
  const sigma = new Float64Array(d * d);
  rows.forEach((point, h) => {
    const offset = mean.map((value, s) => (point[s] ?? 0) - value);
    for (let i = 0; i < d; i++) {
      const scaled = (law[h] ?? 0) * (offset[i] ?? 0);
      for (let j = 0; j < d; j++) sigma[i * d + j] = (sigma[i * d + j] ?? 0) + scaled * (offset[j] ?? 0);
    }
  });
  let trace = 0;
  for (let s = 0; s < d; s++) trace += sigma[s * d + s] ?? 0;
  if (!(trace > 1e-28 * mean.reduce((sum, value) => sum + value ** 2, 0))) {
    throw new InvalidArgumentError({
      source,
      problem: `the variance of the ${count} points is ${trace} of the square of their largest entry`,
      remedy: "Give points that are not all the same",
    });
  }
  return sigma.map((value) => value / trace);
}
