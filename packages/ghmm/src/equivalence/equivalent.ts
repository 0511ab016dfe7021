import { InvalidArgumentError, NotConvergedError } from "../numeric/errors.ts";
import { pseudoInverse } from "../numeric/inverse.ts";
import { dot, multiply } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { concatenate, directSumMaps } from "./_internal/direct-sum-maps.ts";
import { krylovBasis, type LinearMaps, pathOf } from "./_internal/krylov-basis.ts";
import { operatorMaps } from "./_internal/operator-maps.ts";
import { type KrylovOptions, readTolerance } from "./krylov.ts";
import { type MinimalRealization, minimalRealization } from "./minimal-realization.ts";

/** What {@link areEquivalent} finds: a linear map between the beliefs of two processes, or a word that tells them apart. */
export type Equivalence =
  | {
      readonly equivalent: true;
      /**
       * Row-major `[rank, rank]`, unique: `S` with `T_1^x S = S T_2^x`, `eta_1 S = eta_2` and `w_1 = S w_2` for the minimal realizations,
       * whose beliefs after the same word are `b_2 = b_1 S`.
       */
      readonly intertwiner: Float64Array;
      /** Largest absolute entry of `T_1^x S - S T_2^x`, over all tokens. */
      readonly residual: number;
      /** Minimal realization of the first process: `first.map` takes its beliefs to the coordinates of `S`. */
      readonly first: MinimalRealization;
      /** Minimal realization of the second process. */
      readonly second: MinimalRealization;
    }
  | {
      readonly equivalent: false;
      /** A shortest word with two probabilities; the first of them in the order of tokens. */
      readonly word: readonly number[];
      /** Its probabilities in the first and in the second process. */
      readonly probabilities: readonly [number, number];
    };

function checkAlphabets(source: string, first: Process, second: Process): void {
  const [a, b] = [first.alphabet, second.alphabet];
  const at = a.length === b.length ? a.findIndex((name, x) => name !== b[x]) : Math.min(a.length, b.length);
  if (at === -1) return;
  throw new InvalidArgumentError({
    source,
    problem: `token ${at} is ${JSON.stringify(a[at])} in the first process and ${JSON.stringify(b[at])} in the second`,
    remedy: "Compare processes over the same alphabet, in the same order; relabelTokens changes names and order",
  });
}

/** `eta0 T^h w` as it is, without the threshold below which a token counts as impossible. */
function probabilityOf(process: Process, maps: LinearMaps, word: readonly number[]): number {
  let [state, next] = [process.initial.slice(), new Float64Array(process.stateDim)];
  for (const token of word) {
    maps.apply(state, token, next);
    [state, next] = [next, state];
  }
  return dot(state, process.normalizer);
}

/** A shortest word with two probabilities, from the Krylov space of the direct sum of the two processes. */
function distinguishingWord(
  first: Process,
  second: Process,
  maps: LinearMaps,
  tolerance: number,
): readonly number[] | undefined {
  // scaled so that neither process dominates through the units of its coordinates
  const [a, b] = [first, second].map(({ normalizer }) => Math.sqrt(dot(normalizer, normalizer))) as [number, number];
  const start = concatenate(
    first.initial.map((value) => value * a),
    second.initial.map((value) => value * b),
  );
  const difference = concatenate(
    first.normalizer.map((value) => value / a),
    second.normalizer.map((value) => -value / b),
  );
  let word: readonly number[] | undefined;
  krylovBasis(start, maps, tolerance, (image, parent, token) => {
    const limit = (maps.norms[token] ?? 0) * Math.SQRT2 * Math.max(tolerance, 4 * parent.noise);
    if (!(Math.abs(dot(image, difference)) > limit)) return false;
    word = [...pathOf(parent), token];
    return true;
  });
  return word;
}

/** `S = B_1 B_2^+` of T5: `B_1` and `B_2` have the same combinations of `T_1^h w_1` and of `T_2^h w_2` as columns. */
function intertwinerOf(first: Process, second: Process, tolerance: number): Float64Array | undefined {
  const k = first.stateDim;
  const source = "areEquivalent";
  const maps = directSumMaps(operatorMaps(source, first, true), operatorMaps(source, second, true), k);
  const basis = krylovBasis(concatenate(first.normalizer, second.normalizer), maps, tolerance).slice(0, k);
  if (basis.length < k) return undefined;
  const stacked = (from: number) =>
    Float64Array.from({ length: k * k }, (_, i) => basis[i % k]?.vector[from + Math.floor(i / k)] ?? 0);
  return multiply(stacked(0), pseudoInverse(stacked(k), [k, k]).inverse, k);
}

function residualOf(first: Process, second: Process, intertwiner: Float64Array): number {
  const k = first.stateDim;
  let residual = 0;
  first.alphabet.forEach((_, token) => {
    const left = multiply(first.operator(token), intertwiner, k);
    multiply(intertwiner, second.operator(token), k).forEach((value, i) => {
      residual = Math.max(residual, Math.abs(value - (left[i] ?? 0)));
    });
  });
  return residual;
}

/**
 * Whether two processes give every word the same probability: with the linear map between their beliefs if they do, and a
 * shortest word that tells them apart if they do not.
 *
 * Two minimal processes with the same words are related by exactly one change of basis `S` (T5): with the results `first` and
 * `second`, `b_2 second.map = b_1 first.map S`. Two processes are told apart by a word of fewer than `d_1 + d_2` tokens, found
 * breadth-first in the span of `(eta_1 T_1^h, eta_2 T_2^h)`. A difference below `tolerance`, relative to the operators, is none:
 * processes that are closer than that count as equivalent.
 *
 * @throws InvalidArgumentError if the alphabets differ or `tolerance` is not between 0 and 1
 * @throws NotConvergedError if the ranks differ although no word does, because a direction is as weak as the tolerance
 * @throws UnsupportedError if the operators do not fit into memory
 * @example
 * ```ts
 * import { areEquivalent, changeBasis, coin, goldenMean, mess3 } from "@semifactor/ghmm";
 *
 * const basis = [[1, 0.5, 0], [0, 2, 0], [0.3, 0, 1]];
 * const process = mess3({ x: 0.15, a: 0.6 });
 * const same = areEquivalent(changeBasis(process, basis), process);
 * expect(same.equivalent && same.intertwiner[1]).toBeCloseTo(0.5, 10);
 *
 * const other = areEquivalent(goldenMean({ p: 0.5 }), coin({ p: 2 / 3 }));
 * expect(other.equivalent || other.word).toEqual([0, 0]); // 1/3 and 4/9
 * ```
 *
 * Source: T5; Tzeng, "A polynomial-time algorithm for the equivalence of probabilistic automata", SIAM J. Computing 21 (1992).
 */
export function areEquivalent(first: Process, second: Process, options: KrylovOptions = {}): Equivalence {
  const source = "areEquivalent";
  const tolerance = readTolerance(source, options.tolerance);
  checkAlphabets(source, first, second);
  const own = [operatorMaps(source, first, false), operatorMaps(source, second, false)] as const;
  const word = distinguishingWord(first, second, directSumMaps(...own, first.stateDim), tolerance);
  if (word !== undefined) {
    const probabilities = [probabilityOf(first, own[0], word), probabilityOf(second, own[1], word)] as const;
    return { equivalent: false, word, probabilities };
  }
  const [a, b] = [minimalRealization(first, { tolerance }), minimalRealization(second, { tolerance })];
  const intertwiner = a.rank === b.rank ? intertwinerOf(a.process, b.process, tolerance) : undefined;
  if (intertwiner === undefined) {
    throw new NotConvergedError({
      source,
      problem: `no word tells the processes apart at tolerance ${tolerance}, but their ranks are ${a.rank} and ${b.rank}`,
      remedy: "Choose another tolerance: one of them has a direction about as weak as this one",
    });
  }
  const residual = residualOf(a.process, b.process, intertwiner);
  return { equivalent: true, intertwiner, residual, first: a, second: b };
}
