import { sampleSequences } from "../../belief/sample.ts";
import { UnsupportedError } from "../../numeric/errors.ts";
import { dot, matrixTimesVector } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";
import { netOperator } from "../../process/validate.ts";
import { createKey } from "../../random/key.ts";
import { applied, largestDifference, operatorsOf, scaleOf } from "./words.ts";

/** Equations that hold this well hold up to rounding: what was typed in with fewer digits does not. */
export const EXACT = 1e-12;

/** Whether two vectors or flat matrices are equal up to rounding. */
export const isExactly = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  largestDifference(a, b) <= EXACT * Math.max(scaleOf(a), scaleOf(b));

const net = (process: Process): Float64Array => netOperator(operatorsOf(process), process.stateDim);

/** `T v = v`. */
export const isKept = (process: Process, functional: Float64Array): boolean =>
  isExactly(matrixTimesVector(net(process), functional), functional);

/** `T w = w`, `eta0 T = eta0` and `eta0 w = 1`: what {@link TheoremSubject} makes no promise about. */
export const isStationary = (process: Process): boolean =>
  isKept(process, process.normalizer) &&
  isExactly(applied(process.initial, net(process)), process.initial) &&
  Math.abs(dot(process.initial, process.normalizer) - 1) <= EXACT;

/** Most coordinates of the states of all words of one length, for a process that was not made for the theorem. */
const LEVEL = 2 ** 16;

/** The largest length up to `longest` whose words are few enough to be written out, 2 at least. */
export function lengthWithin({ alphabet, stateDim }: Process, longest: number): number {
  const few = Math.floor(Math.log(LEVEL / stateDim) / Math.log(Math.max(2, alphabet.length)));
  return Math.min(longest, Math.max(2, few));
}

/** A word that the process emits, drawn from it; always the same. */
export function sampledWord(process: Process, length = 8): readonly number[] {
  return Array.from(sampleSequences(process, { count: 1, length, key: createKey(0) }).tokens);
}

/** Most states of a basis that is written out. */
const LARGEST_BASIS = 2048;

/**
 * `I + N / 2`, with ones above the diagonal in `N`: an invertible `[d][d]` matrix of condition number below 3.
 *
 * @throws UnsupportedError if there are more than 2048 states
 */
export function mildBasis(d: number): readonly (readonly number[])[] {
  if (d > LARGEST_BASIS) {
    throw new UnsupportedError({
      source: "checkTheorem",
      problem: `a basis of ${d} states would be written out`,
      remedy: `Give a process of at most ${LARGEST_BASIS} states`,
    });
  }
  return Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (__, j) => (i === j ? 1 : j === i + 1 ? 0.5 : 0)),
  );
}
