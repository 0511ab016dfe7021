import { InvalidArgumentError, NotNormalizedError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkChoice, checkFinite, checkLaw, checkLength, checkObject } from "../_internal/checks.ts";
import { marginalBelief, marginals } from "../structure/marginals.ts";
import type { TensorStructure } from "../structure/tensor-structure.ts";
import { type Intervention, matrixRank } from "./intervention.ts";

/**
 * How a belief is written as one vector: `joint` is the belief itself, a tensor product where the factors are independent;
 * `direct-sum` is the factors' beliefs one after another, `[b_A; b_C; ...]`.
 */
export type BeliefCode = "joint" | "direct-sum";

/** What {@link steeringError} takes beside the structure and the intervention. */
export interface SteeringErrorOptions {
  /** Beliefs, `[count][stateDim]`. */
  readonly beliefs: readonly ArrayLike<number>[];
  /** Their weights, `[count]`. @defaultValue equal */
  readonly weights?: ArrayLike<number>;
  /** @defaultValue "joint" */
  readonly code?: BeliefCode;
}

/** What {@link steeringError} returns. */
export interface SteeringError {
  /** The constant vector that comes closest, `[dimension of the code]`: the mean change. */
  readonly vector: Float64Array;
  /** Mean squared distance that it leaves, `E |code(b R) - code(b) - vector|^2`. */
  readonly error: number;
  /** Number of directions in which the changes lie: a constant vector is exact only if it is 0 or 1. */
  readonly rank: number;
}

function checkNorm(source: string, name: string, structure: TensorStructure, belief: ArrayLike<number>): void {
  // the marginal over no factor at all
  const [norm = 0] = marginalBelief(structure, belief, []);
  if (Math.abs(norm - 1) <= 1e-9) return;
  throw new NotNormalizedError({
    source,
    problem: `${name} . normalizer is ${norm}`,
    remedy: "Divide the belief by that number: a change of its length would count as steering",
  });
}

/**
 * The best constant steering vector in the place of an intervention, and the error that it leaves.
 *
 * The optimum is the mean of the changes and the error their total variance. For product beliefs `a (x) c` of which `a` becomes
 * `a'` it is `|a' - a|^2 tr Cov(c)` in the joint code and zero in the direct-sum code: steering by one vector is exact if and only
 * if the factor is kept apart (T27). Which code a network has is a question for measurement.
 *
 * @throws InvalidArgumentError if there are no beliefs, a weight is negative or the code is unknown; ShapeError if lengths
 * differ; NotNormalizedError if the weights do not sum to one, or a belief is not normalised
 * @example
 * ```ts
 * import { flipFactor, steeringError, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 2 }, { name: "c", dimension: 2 }] });
 * const flip = flipFactor(structure, { factor: "a" });
 * const beliefs = [[1, 0, 0, 0], [0, 1, 0, 0]]; // a = (1, 0), c = (1, 0) or (0, 1)
 * expect(steeringError(structure, flip, { beliefs }).error).toBe(1); // |a' - a|^2 = 2, tr Cov(c) = 1/2
 * expect(steeringError(structure, flip, { beliefs, code: "direct-sum" })).toMatchObject({ error: 0, rank: 1 });
 * ```
 */
export function steeringError(
  structure: TensorStructure,
  intervention: Intervention,
  options: SteeringErrorOptions,
): SteeringError {
  const source = "steeringError";
  checkObject(source, "options", options);
  const { beliefs, code = "joint" } = options;
  checkChoice(source, "code", code, ["joint", "direct-sum"]);
  checkList(source, "beliefs", beliefs);
  const count = beliefs.length;
  if (count === 0) {
    throw new InvalidArgumentError({ source, problem: "beliefs is empty", remedy: "Give at least one belief" });
  }
  const weights = options.weights ?? new Float64Array(count).fill(1 / count);
  checkLength(source, "weights", weights, count);
  checkLaw(source, "weights", weights);
  const encode = (belief: ArrayLike<number>): Float64Array =>
    code === "joint"
      ? Float64Array.from(belief)
      : Float64Array.from(marginals(structure, belief).flatMap((part) => Array.from(part)));
  // not beliefs.map, which passes over the holes of a list
  const changes = Array.from(beliefs, (belief, n) => {
    checkList(source, `beliefs[${n}]`, belief);
    checkLength(source, `beliefs[${n}]`, belief, structure.stateDim);
    checkFinite(source, `beliefs[${n}]`, belief);
    checkNorm(source, `beliefs[${n}]`, structure, belief);
    const before = encode(belief);
    return encode(intervention.apply(belief)).map((value, i) => value - (before[i] ?? 0));
  });
  const vector = new Float64Array(changes[0]?.length ?? 0);
  changes.forEach((change, n) => {
    change.forEach((value, i) => {
      vector[i] = (vector[i] ?? 0) + (weights[n] ?? 0) * value;
    });
  });
  let error = 0;
  changes.forEach((change, n) => {
    change.forEach((value, i) => {
      error += (weights[n] ?? 0) * (value - (vector[i] ?? 0)) ** 2;
    });
  });
  const rows = changes.filter((_, n) => (weights[n] ?? 0) > 0);
  return {
    vector,
    error,
    rank: matrixRank(
      rows.flatMap((row) => Array.from(row)),
      vector.length,
    ),
  };
}
