import { UnsupportedError } from "../../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../../numeric/matrix.ts";
import { checkInteger } from "../../numeric/options.ts";
import { IMPOSSIBLE, type Process } from "../../process/process.ts";

/** A word with its unnormalised state `eta0 T^h`. */
export interface WordState {
  readonly word: readonly number[];
  readonly state: Float64Array;
}

/** The operators of a process, written out. */
export const operatorsOf = (process: Process): readonly Float64Array[] =>
  process.alphabet.map((_, token) => process.operator(token));

/** `state T^x`. */
export function applied(state: Float64Array, operator: Float64Array): Float64Array {
  const next = new Float64Array(state.length);
  vectorTimesMatrix(state, operator, state.length, next);
  return next;
}

/** The length that an instance asks for, 10^4 at most. */
export function checkLength(maxLength: number): void {
  checkInteger("checkTheorem", "maxLength", maxLength, 0, 10_000);
}

/** Most coordinates of the states of all words of one length. */
const LARGEST_LEVEL = 2 ** 21;

/**
 * Every word of exactly `length` tokens with `eta0 T^h`: plain products of the operators, nothing normalised.
 *
 * @throws UnsupportedError if there are too many words
 */
export function wordStates(process: Process, length: number): readonly WordState[] {
  const size = process.alphabet.length ** length * process.stateDim;
  if (size > LARGEST_LEVEL) {
    throw new UnsupportedError({
      source: "checkTheorem",
      problem: `the states of all words of ${length} tokens have ${size} coordinates`,
      remedy: `Give a process of fewer tokens or a smaller maxLength: at most ${LARGEST_LEVEL}`,
    });
  }
  const operators = operatorsOf(process);
  let level: readonly WordState[] = [{ word: [], state: process.initial }];
  for (let t = 0; t < length; t++) {
    level = level.flatMap(({ word, state }) =>
      operators.map((operator, token) => ({ word: [...word, token], state: applied(state, operator) })),
    );
  }
  return level;
}

/** `P(h) = eta0 T^h w` of every word of exactly `length` tokens, in lexicographic order. */
export function wordProbabilities(process: Process, length: number): Float64Array {
  return Float64Array.from(wordStates(process, length), ({ state }) => dot(state, process.normalizer));
}

/** `H(length) = -sum_h P(h) log2 P(h)`, in bits, over every word of exactly `length` tokens. */
export function blockEntropy(process: Process, length: number): number {
  return wordProbabilities(process, length).reduce((sum, p) => (p > IMPOSSIBLE ? sum - p * Math.log2(p) : sum), 0);
}

/** Largest absolute difference of two vectors. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return largest;
}

/** Largest absolute entry, at least one: the scale of the rounding errors of a vector. */
export function scaleOf(vector: ArrayLike<number>): number {
  let largest = 1;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i] ?? 0));
  return largest;
}
