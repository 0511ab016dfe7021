/**
 * Why a process is known to give every word a non-negative probability.
 *
 * - `hmm`: operators, initial state and rows are non-negative and `T 1 = 1`;
 * - `similar-to-hmm`: a change of basis of such a process;
 * - `kraus`: a quantum instrument;
 * - `cone`: a polyhedral cone contains the initial state, is mapped into itself by every operator, and `w` is
 *   non-negative on it;
 * - `unchecked`: only words up to some length were tested; no general test exists (it is undecidable).
 */
export type Certificate = "hmm" | "similar-to-hmm" | "kraus" | "cone" | "unchecked";

/**
 * A generalized hidden Markov model `(X, d, {T^x}, eta0, w)`: words have probability `P(x_1..x_L) = eta0 T^{x_1} ... T^{x_L} w`.
 *
 * Row vectors throughout; the net operator `T = sum_x T^x` fixes the normalizer, `T w = w`, and `eta0 . w = 1`.
 * Implement this interface to give your own process to every function of the library.
 *
 * @example
 * ```ts
 * import { coin, type Process } from "@semifactor/ghmm";
 *
 * const process: Process = coin({ p: 0.7 });
 * const next = new Float64Array(process.stateDim);
 * expect(process.step(process.initial, 0, next)).toBeCloseTo(0.7, 14);
 * ```
 */
export interface Process {
  /** Names of the tokens; token `x` is the index of its name. */
  readonly alphabet: readonly string[];
  /** Dimension `d` of the state space. */
  readonly stateDim: number;
  /** Initial state `eta0`, `[d]`. Read only: functions remember what they derive from it. */
  readonly initial: Float64Array;
  /** Normalizer `w`, `[d]`: all ones in an HMM. Read only. */
  readonly normalizer: Float64Array;
  /** Why words have non-negative probabilities. */
  readonly certificate: Certificate;
  /**
   * Writes `b T^x / (b T^x w)` to `out` and returns `P(x | b) = b T^x w`; returns 0 and leaves `out` alone when the token is
   * impossible, that is when `P(x | b)` is at most 1e-12. `out` may be `belief`.
   *
   * @param belief - a belief, `[d]`, with `b . w = 1`
   * @throws InvalidArgumentError if the token is out of range
   */
  step(belief: ArrayLike<number>, token: number, out: Float64Array): number;
  /**
   * A copy of `T^x`, row-major `[d, d]`.
   *
   * @throws InvalidArgumentError if the token is out of range
   */
  operator(token: number): Float64Array;
}

/** A token with conditional probability at or below this is impossible: it has no belief and no place in a tree. */
export const IMPOSSIBLE = 1e-12;
