import { impossible } from "../belief/token.ts";
import { allocate } from "../numeric/allocate.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { hiddenMarkov } from "./_internal/hidden-markov.ts";
import { readTokens } from "./_internal/read-tokens.ts";
import { backwardPass, forwardPass, sumLog } from "./_internal/smoothing.ts";

/** What {@link forwardBackward} takes. */
export interface ForwardBackwardOptions {
  /** Also return the joint posterior of the states on both sides of each token, `[length, d, d]`. */
  readonly withPairs?: boolean;
}

/** What {@link forwardBackward} returns. */
export interface SmoothedStates {
  /** `P(S_t | x_1 .. x_L)`, row-major `[length + 1, d]`: `S_0` before the first token, `S_L` after the last. */
  readonly posteriors: Float64Array;
  /** `P(S_t | x_1 .. x_t)`, the beliefs, row-major `[length + 1, d]`. */
  readonly beliefs: Float64Array;
  /** `P(S_t = s, S_{t+1} = s' | x_1 .. x_L)`, row-major `[length, d, d]`, on request. */
  readonly pairs?: Float64Array;
  /** `ln P(x_1 .. x_L)`, in nats. */
  readonly logLikelihood: number;
  readonly length: number;
  readonly stateDim: number;
}

/**
 * Posterior probabilities of the hidden states of an HMM given a whole word, `P(S_t | x_1 .. x_L)`.
 *
 * Filters forward and corrects backward, `P(S_t = s | x) = sum_s' P(S_{t+1} = s' | x) P(s | s', x_1 .. x_{t+1})`, every row
 * normalized, so words of 10^6 tokens do not underflow. Tokens are emitted on transitions: token `x_t` leads from `S_{t-1}` to
 * `S_t`. A state whose filtered probability falls below 1e-280 counts as impossible from there on. Signed processes have no
 * hidden states; {@link tokenPosteriors} conditions on both sides there.
 *
 * @param word - tokens `[L]`
 * @throws UnsupportedError if the process is not an HMM, or the result does not fit into memory
 * @throws InvalidArgumentError if a token is out of range
 * @throws ZeroProbabilityError if the word is impossible; it names the position and the token
 * @example
 * ```ts
 * import { forwardBackward, zeroOneRandom } from "@semifactor/ghmm";
 *
 * // After the random 1 a second zero would be impossible: in "100" the 1 was the fixed one, from the second state.
 * const { posteriors, logLikelihood } = forwardBackward(zeroOneRandom({ p: 0.5 }), [1, 0, 0]);
 * expect(Array.from(posteriors.subarray(0, 3))).toEqual([0, 1, 0]);
 * expect(Math.exp(logLikelihood)).toBeCloseTo(1 / 6, 14);
 * ```
 */
export function forwardBackward(
  process: Process,
  word: ArrayLike<number>,
  options: ForwardBackwardOptions & { readonly withPairs: true },
): SmoothedStates & { readonly pairs: Float64Array };
export function forwardBackward(
  process: Process,
  word: ArrayLike<number>,
  options?: ForwardBackwardOptions,
): SmoothedStates;
export function forwardBackward(
  process: Process,
  word: ArrayLike<number>,
  options: ForwardBackwardOptions = {},
): SmoothedStates {
  const source = "forwardBackward";
  const model = hiddenMarkov(source, process);
  const { stateDim, transitions } = model;
  const tokens = readTokens(source, process, word);
  const length = tokens.length;
  const stretch = { tokens, start: 0, length };
  const beliefs = allocate(source, Float64Array, (length + 1) * stateDim);
  const probabilities = allocate(source, Float64Array, length);
  const position = forwardPass(model, stretch, IMPOSSIBLE, beliefs, probabilities);
  if (position !== -1) throw impossible(source, process, position, tokens[position] ?? 0);
  const posteriors = allocate(source, Float64Array, (length + 1) * stateDim);
  const area = stateDim * stateDim;
  const pairs = options.withPairs === true ? allocate(source, Float64Array, length * area) : undefined;
  backwardPass(model, stretch, beliefs, probabilities, (t, posterior, weights) => {
    posteriors.set(posterior, t * stateDim);
    if (pairs === undefined || t === length) return;
    for (let s = 0, from = (tokens[t] ?? 0) * area, to = t * area; s < stateDim; s++) {
      const belief = beliefs[t * stateDim + s] ?? 0;
      for (let j = 0; j < stateDim; j++) pairs[to++] = belief * (transitions[from++] ?? 0) * (weights[j] ?? 0);
    }
  });
  const logLikelihood = sumLog(probabilities, length);
  return { posteriors, beliefs, ...(pairs === undefined ? {} : { pairs }), logLikelihood, length, stateDim };
}
