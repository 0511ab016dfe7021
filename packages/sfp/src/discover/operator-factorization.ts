import {
  type EntropyOptions,
  InvalidArgumentError,
  nextTokenDistribution,
  type Process,
  ShapeError,
  stationaryState,
} from "@semifactor/ghmm";
import { checkList, checkProcess, unitsPerNat } from "@semifactor/ghmm/internal";
import { checkLaw, checkLength } from "../_internal/checks.ts";
import type { Dimensions } from "../entanglement/density-matrix.ts";
import { type Bipartition, bipartition } from "../structure/bipartition.ts";
import type { TensorStructure } from "../structure/tensor-structure.ts";
import { type OperatorSchmidt, operatorSchmidt } from "./operator-schmidt.ts";

const SOURCE = "operatorFactorization";

/** Options of {@link operatorFactorization}. */
export interface OperatorFactorizationOptions extends EntropyOptions {
  /**
   * How much each token counts: its probability at the start of the process, in the stationary state, or as given, `[V]`.
   *
   * @defaultValue "initial"
   */
  readonly distribution?: "initial" | "stationary" | ArrayLike<number>;
}

/** What {@link operatorFactorization} returns. */
export interface OperatorFactorization {
  /** Dimensions `[dA, dC]` of the two sides. */
  readonly dimensions: Dimensions;
  /** Operator-Schmidt decomposition of `T^x`, for every token. `[V]` */
  readonly tokens: readonly OperatorSchmidt[];
  /** The weight `P(x)` of every token, `[V]`. */
  readonly distribution: Float64Array;
  /** `sum_x P(x) S_op(T^x)`, in bits unless `unit` says nats. */
  readonly meanEntropy: number;
  /** Largest rank of an operator: 1 exactly if every `T^x = A^x (x) C^x`. */
  readonly maxRank: number;
  /** `Fbar = 1 - sum_x P(x) S_op(T^x) / log min(dA^2, dC^2)`, from 1 for a factored process down to 0. */
  readonly fbar: number;
}

/** Dimensions of the two sides, and the operators with the first side's index running slowest. */
function readSides(process: Process, sides: TensorStructure | Bipartition | Dimensions) {
  if (typeof sides !== "object" || sides === null) checkList(SOURCE, "sides", sides);
  const split = "factors" in sides ? bipartition(sides) : sides;
  const dimensions = "order" in split ? split.dimensions : split;
  checkList(SOURCE, "sides", dimensions);
  checkLength(SOURCE, "sides", dimensions, 2);
  const [dA, dC] = dimensions;
  const d = process.stateDim;
  if (dA * dC !== d) {
    throw new ShapeError({
      source: SOURCE,
      problem: `the dimensions are ${dA} x ${dC} and the process has ${d} states`,
      remedy: "Give dimensions that multiply to the number of states",
    });
  }
  const operator = (token: number): Float64Array => {
    const own = process.operator(token);
    if (!("order" in split)) return own;
    const { order } = split;
    return own.map((_, i) => own[(order[Math.floor(i / d)] ?? 0) * d + (order[i % d] ?? 0)] ?? 0);
  };
  return { dimensions, operator };
}

/** Token law asked for, `[V]`. */
function readDistribution(process: Process, choice: "initial" | "stationary" | ArrayLike<number>): Float64Array {
  if (choice === "initial") return nextTokenDistribution(process, process.initial);
  if (choice === "stationary") return nextTokenDistribution(process, stationaryState(process));
  if (typeof choice === "string") {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `distribution is ${JSON.stringify(choice)}`,
      remedy: 'Give "initial", "stationary" or one weight per token',
    });
  }
  checkLength(SOURCE, "distribution", choice, process.alphabet.length);
  checkLaw(SOURCE, "distribution", choice);
  return Float64Array.from(choice);
}

/**
 * How far the operators of a process are from tensor products, token by token, and on average over tokens as
 * `Fbar = 1 - sum_x P(x) S_op(T^x) / log min(dA^2, dC^2)`.
 *
 * With more than two factors the sides are the first factor and the rest, or those of the {@link bipartition} given. Where one side has
 * dimension 1 everything factors and `Fbar` is 1. Source: section 4 (D6) of the theory notes.
 *
 * @param sides - the tensor structure, two sides of it, or the dimensions `[dA, dC]`
 * @throws ShapeError if the dimensions do not multiply to the number of states, or the distribution has not one weight per token
 * @throws InvalidArgumentError if a probability is negative or the unit is unknown; NotNormalizedError if they do not sum to one
 * @throws NonUniqueStationaryStateError if the stationary token law is asked for and there is none, as in a semi-factored process
 * @example
 * ```ts
 * import { families, operatorFactorization } from "@semifactor/sfp";
 *
 * const coupled = families.phaseLockedZ1r({ kappa: 0.5 });
 * const { fbar, maxRank } = operatorFactorization(coupled, coupled.structure);
 * expect(1 - fbar).toBeCloseTo(0.01741, 5);
 * expect(maxRank).toBe(2);
 * ```
 */
export function operatorFactorization(
  process: Process,
  sides: TensorStructure | Bipartition | Dimensions,
  options: OperatorFactorizationOptions = {},
): OperatorFactorization {
  const { unit = "bits", distribution: choice = "initial" } = options;
  const perNat = unitsPerNat(SOURCE, unit);
  checkProcess(SOURCE, "process", process);
  const { dimensions, operator } = readSides(process, sides);
  const distribution = readDistribution(process, choice);
  const tokens = process.alphabet.map((_, token) => operatorSchmidt(operator(token), dimensions, { unit }));
  const meanEntropy = tokens.reduce((sum, { entropy }, token) => sum + (distribution[token] ?? 0) * entropy, 0);
  const largest = 2 * Math.log(Math.min(...dimensions)) * perNat;
  return {
    dimensions,
    tokens,
    distribution,
    meanEntropy,
    maxRank: Math.max(...tokens.map(({ rank }) => rank)),
    fbar: largest === 0 ? 1 : 1 - meanEntropy / largest,
  };
}
