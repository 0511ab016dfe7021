import { InvalidArgumentError } from "../numeric/errors.ts";
import { dot, kroneckerVector, matrixTimesVector } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { checkToken } from "../process/store.ts";
import { impossible, readBelief, tokenAt } from "./token.ts";

/**
 * The belief after a word, `b(h) = eta0 T^h / (eta0 T^h w)`.
 *
 * @param word - tokens `[L]`; the empty word gives the initial state
 * @returns `[d]`, with `b . w = 1`
 * @throws InvalidArgumentError if a token is out of range
 * @throws ZeroProbabilityError if the word is impossible; it names the position and the token
 * @example
 * ```ts
 * import { beliefState, zeroOneRandom } from "@semifactor/ghmm";
 *
 * // After "10" the process Z1R is in its first or second state with equal probability.
 * expect(Array.from(beliefState(zeroOneRandom({ p: 0.5 }), [1, 0]))).toEqual([0.5, 0.5, 0]);
 * ```
 */
export function beliefState(process: Process, word: ArrayLike<number>): Float64Array {
  const belief = readBelief("beliefState", process, process.initial);
  for (let position = 0; position < word.length; position++) {
    const token = tokenAt("beliefState", process, word, position);
    if (process.step(belief, token, belief) === 0) throw impossible("beliefState", process, position, token);
  }
  return belief;
}

/**
 * The belief after one more token, `U_x(b) = b T^x / (b T^x w)`.
 *
 * @param belief - `[d]`; any positive multiple of a belief will do
 * @returns `[d]`, with `b . w = 1`
 * @throws InvalidArgumentError if the token is out of range, `belief . w` is not a positive number, or an entry is negative in
 * an HMM
 * @throws ShapeError if the belief has another length than `d`
 * @throws ZeroProbabilityError if the token is impossible after this belief
 * @example
 * ```ts
 * import { updateBelief, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const next = updateBelief(zeroOneRandom({ p: 0.5 }), [0.4, 0.4, 0.2], 0);
 * expect(next[0]).toBeCloseTo(0.2, 14);
 * expect(next[1]).toBeCloseTo(0.8, 14);
 * ```
 */
export function updateBelief(process: Process, belief: ArrayLike<number>, token: number): Float64Array {
  checkToken("updateBelief", process, token);
  const next = readBelief("updateBelief", process, belief);
  if (process.step(next, token, next) === 0) throw impossible("updateBelief", process, 0, token);
  return next;
}

const vectors = new WeakMap<Process, readonly Float64Array[]>();

/** `T^x w` for every token, row-major `[V, d]`, made at first use: the probability of `x` after `b` is its row times `b`. */
export function emissionVectors(process: Process): readonly Float64Array[] {
  let known = vectors.get(process);
  if (known === undefined) {
    known =
      process.storage?.kind === "kronecker"
        ? process.storage.factors
            .map(emissionVectors)
            .reduce((joint, factor) => joint.flatMap((u) => factor.map((y) => kroneckerVector(u, y))))
        : process.alphabet.map((_, token) => matrixTimesVector(process.operator(token), process.normalizer));
    vectors.set(process, known);
  }
  return known;
}

/** A probability below this is no rounding error: there is no process, or the vector is not one of its beliefs. */
export const NEGATIVE = -1e-6;

/**
 * Probabilities of the next token, `P(x | b) = b T^x w / (b w)`.
 *
 * @param belief - `[d]`; any positive multiple of a belief will do
 * @returns `[V]`; rounding below zero in a signed process is returned as 0
 * @throws InvalidArgumentError if `belief . w` is not a positive number, or the belief gives a token a negative probability
 * @throws ShapeError if the belief has another length than `d`
 * @example
 * ```ts
 * import { nextTokenDistribution, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const [zero, one] = nextTokenDistribution(zeroOneRandom({ p: 0.5 }), [0.3, 0.1, 0.6]);
 * expect(zero).toBeCloseTo(0.6, 14);
 * expect(one).toBeCloseTo(0.4, 14);
 * ```
 */
export function nextTokenDistribution(process: Process, belief: ArrayLike<number>): Float64Array {
  const normalized = readBelief("nextTokenDistribution", process, belief);
  return Float64Array.from(emissionVectors(process), (vector, token) => {
    const probability = dot(normalized, vector);
    if (probability >= NEGATIVE) return Math.max(0, probability);
    throw new InvalidArgumentError({
      source: "nextTokenDistribution",
      problem: `token ${token} has probability ${probability} after this belief`,
      remedy: "Give a belief that the process can have, such as one of beliefState",
    });
  });
}
