/**
 * How one factor of the state of an instrument is read as a matrix of `dimension` rows.
 *
 * - `hermitian`: `r_i = tr(rho B_i)` over the basis of `createKraus`, `dimension^2` numbers;
 * - `bloch-xz`: `(trace, x, z)` of a qubit whose y is zero, as of `tomQuantum`;
 * - `diagonal`: the probabilities of the states of an HMM beside an instrument, `dimension` numbers.
 */
export interface KrausFactor {
  readonly dimension: number;
  readonly coordinates: "hermitian" | "bloch-xz" | "diagonal";
}

/**
 * Why a process is known to give every word a non-negative probability (G3).
 *
 * - `hmm`: operators and initial state are non-negative and `T 1 = 1`;
 * - `similar-to-hmm`: a change of basis of the HMM `hmm`;
 * - `kraus`: a quantum instrument on a Hilbert space of `dimension`, or a product of such; `factors` says how the state is read as a
 *   density matrix, where that is known, the slowest factor first;
 * - `cone`: the polyhedral cone of `rays` contains the initial state, every operator maps it into itself, and `w` is
 *   non-negative on it;
 * - `unchecked`: every word of up to `wordLength` tokens was tested, and `smallestProbability` is the smallest of one. No general
 *   test exists (it is undecidable).
 *
 * @example
 * ```ts
 * import { type Certificate, coin } from "@semifactor/ghmm";
 *
 * const certificate: Certificate = coin({ p: 0.5 }).certificate;
 * expect(certificate.kind).toBe("hmm");
 * ```
 */
export type Certificate =
  | { readonly kind: "hmm" }
  | { readonly kind: "similar-to-hmm"; readonly hmm: Process }
  | { readonly kind: "kraus"; readonly dimension: number; readonly factors?: readonly KrausFactor[] }
  | { readonly kind: "cone"; readonly rays: readonly Float64Array[] }
  | { readonly kind: "unchecked"; readonly wordLength: number; readonly smallestProbability: number };

/** The certificate of every hidden Markov model. */
export const HMM_CERTIFICATE: Certificate = Object.freeze({ kind: "hmm" });

/**
 * How the operators of a process are stored: written out (`dense`), their non-zero entries only (`sparse`), one dense matrix for
 * each set of states that no operator leaves (`blocks`), or as a tensor product of the operators of several processes
 * (`kronecker`, first factor slowest in states and in tokens). Results do not depend on it, up to rounding.
 */
export type ProcessStorage =
  | { readonly kind: "dense" }
  | { readonly kind: "sparse"; readonly nonZero: number }
  | { readonly kind: "blocks"; readonly blocks: readonly Uint32Array[] }
  | { readonly kind: "kronecker"; readonly factors: readonly Process[] };

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
  /** How the operators are stored, where that is known: algorithms use it to be faster. */
  readonly storage?: ProcessStorage;
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
