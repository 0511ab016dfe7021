import { type EntropyOptions, shannonEntropy } from "../numeric/entropy.ts";
import { NotNormalizedError, ShapeError } from "../numeric/errors.ts";

/** Options of {@link jensenShannonDivergence}. */
export interface JensenShannonOptions extends EntropyOptions {
  /** Weight of each distribution, sum 1; equal by default. */
  readonly weights?: ArrayLike<number>;
}

const SOURCE = "jensenShannonDivergence";
const TOLERANCE = 1e-9;

function checkSum(name: string, values: ArrayLike<number>): void {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  // a total that is no number is left to the check of each entry
  if (!(Math.abs(total - 1) > TOLERANCE)) return;
  throw new NotNormalizedError({ source: SOURCE, problem: `${name} sums to ${total}`, remedy: "Divide it by that" });
}

function shapeError(problem: string): ShapeError {
  return new ShapeError({
    source: SOURCE,
    problem,
    remedy: "Give distributions over the same outcomes, and one weight for each",
  });
}

/**
 * Jensen-Shannon divergence `H[sum_k w_k p_k] - sum_k w_k H[p_k]` of any number of distributions, in bits unless `unit` says nats: what
 * an outcome tells about which distribution it came from.
 *
 * @param distributions - `[k][n]`
 * @throws ShapeError if there are none, their lengths differ, or there is another number of weights
 * @throws InvalidArgumentError if an entry is negative or not finite
 * @throws NotNormalizedError if a distribution or the weights do not sum to one
 * @example
 * ```ts
 * import { jensenShannonDivergence } from "@semifactor/ghmm";
 *
 * expect(jensenShannonDivergence([[1, 0], [0, 1]])).toBe(1);
 * expect(jensenShannonDivergence([[0.5, 0.5, 0], [0, 0.5, 0.5]])).toBeCloseTo(0.5, 14);
 * ```
 * Source: Lin, Divergence measures based on the Shannon entropy, IEEE Transactions on Information Theory 37 (1991).
 */
export function jensenShannonDivergence(
  distributions: readonly ArrayLike<number>[],
  options: JensenShannonOptions = {},
): number {
  const { unit = "bits" } = options;
  const count = distributions.length;
  const weights = options.weights ?? new Float64Array(count).fill(1 / count);
  const n = distributions[0]?.length ?? 0;
  if (n === 0) throw shapeError("no distribution with an outcome was given");
  if (weights.length !== count) throw shapeError(`${weights.length} weights for ${count} distributions`);
  checkSum("weights", weights);
  // the entropy functions check each number; this one is for the weights
  shannonEntropy(weights, { unit });
  const mean = new Float64Array(n);
  let within = 0;
  distributions.forEach((p, k) => {
    if (p.length !== n) throw shapeError(`distribution ${k} has ${p.length} outcomes, and the first has ${n}`);
    checkSum(`distribution ${k}`, p);
    const weight = weights[k] ?? 0;
    within += weight * shannonEntropy(p, { unit });
    for (let i = 0; i < n; i++) mean[i] = (mean[i] ?? 0) + weight * (p[i] ?? 0);
  });
  return Math.max(0, shannonEntropy(mean, { unit }) - within);
}
