import { impossible, readBelief } from "../belief/token.ts";
import { allocate } from "../numeric/allocate.ts";
import type { Process } from "../process/process.ts";
import { hiddenMarkov } from "./_internal/hidden-markov.ts";
import { readTokens } from "./_internal/read-tokens.ts";

/** What {@link viterbi} returns. */
export interface MostLikelyPath {
  /** `s_0 .. s_L`, `[length + 1]`: the state before the first token, then the state after each. */
  readonly states: Int32Array;
  /** `ln P(s_0 .. s_L, x_1 .. x_L)`, in nats. */
  readonly logProbability: number;
}

/**
 * The most likely hidden path of an HMM given a word, `argmax P(s_0 .. s_L, x_1 .. x_L)`, with its log-probability.
 *
 * Dynamic programming over logarithms, so words of 10^6 tokens do not underflow. Among equally likely paths it takes the one
 * with the lowest last state, then the lowest state before it, and so on to the first. Tokens are emitted on transitions; for
 * models whose states emit see {@link hmmFromEmissions}.
 *
 * @param word - tokens `[L]`
 * @throws UnsupportedError if the process is not an HMM, or the result does not fit into memory
 * @throws InvalidArgumentError if a token is out of range
 * @throws ZeroProbabilityError if the word is impossible; it names the position and the token
 * @example
 * ```ts
 * import { viterbi, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const { states, logProbability } = viterbi(zeroOneRandom({ p: 0.5 }), [1, 0, 0]);
 * expect(Array.from(states)).toEqual([1, 2, 0, 1]);
 * expect(Math.exp(logProbability)).toBeCloseTo(1 / 6, 14);
 * ```
 */
export function viterbi(process: Process, word: ArrayLike<number>): MostLikelyPath {
  const source = "viterbi";
  const model = hiddenMarkov(source, process);
  const { stateDim: d } = model;
  const tokens = readTokens(source, process, word);
  const length = tokens.length;
  const log = model.transitions.map(Math.log);
  const predecessors = allocate(source, Int32Array, length * d);
  const belief = readBelief(source, process, process.initial);
  let best: Float64Array = model.initial.map(Math.log);
  let next = new Float64Array(d);
  for (let t = 0; t < length; t++) {
    const token = tokens[t] ?? 0;
    // the filter says which words are impossible, here as everywhere
    if (process.step(belief, token, belief) === 0) throw impossible(source, process, t, token);
    next.fill(Number.NEGATIVE_INFINITY);
    for (let s = 0, at = token * d * d; s < d; s++) {
      const soFar = best[s] ?? 0;
      for (let j = 0; j < d; j++, at++) {
        const value = soFar + (log[at] ?? 0);
        if (value > (next[j] ?? 0)) {
          next[j] = value;
          predecessors[t * d + j] = s;
        }
      }
    }
    [best, next] = [next, best as Float64Array<ArrayBuffer>];
  }
  let state = 0;
  for (let s = 1; s < d; s++) if ((best[s] ?? 0) > (best[state] ?? 0)) state = s;
  const logProbability = best[state] ?? 0;
  const states = allocate(source, Int32Array, length + 1);
  states[length] = state;
  for (let t = length - 1; t >= 0; t--) {
    state = predecessors[t * d + state] ?? 0;
    states[t] = state;
  }
  return { states, logProbability };
}
