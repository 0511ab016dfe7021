import type { Process } from "../process/process.ts";
import { factorsOf, type KrylovOptions, readTolerance, startsStationary } from "./krylov.ts";
import { minimalRealization } from "./minimal-realization.ts";

/**
 * Rank of the Hankel matrix `H[h, h'] = P(h h')`: the dimension of the smallest GHMM with the same word probabilities.
 *
 * It is the dimension of the forward space `F` modulo the part of it that no future sees, `dim F / (F meet B^perp)`. In a product of
 * stationary factors ranks multiply.
 *
 * @throws InvalidArgumentError if `tolerance` is not between 0 and 1
 * @throws UnsupportedError if the operators do not fit into memory
 * @example
 * ```ts
 * import { hankelRank, mess3, zeroOneRandom } from "@semifactor/ghmm";
 *
 * expect(hankelRank(zeroOneRandom({ p: 0.5 }))).toBe(3);
 * expect(hankelRank(mess3({ x: 1 / 3, a: 0.6 }))).toBe(1); // the next state does not depend on the last
 * ```
 *
 * Source: Jaeger, "Observable operator models for discrete stochastic time series", Neural Computation 12 (2000).
 */
export function hankelRank(process: Process, options: KrylovOptions = {}): number {
  readTolerance("hankelRank", options.tolerance);
  const factors = factorsOf(process, "initial");
  if (factors !== undefined && factorsOf(process, "normalizer") !== undefined && factors.every(startsStationary)) {
    return factors.reduce((rank, factor) => rank * hankelRank(factor, options), 1);
  }
  return minimalRealization(process, options).rank;
}
