import { allocate } from "../../numeric/allocate.ts";
import type { HiddenMarkov } from "./hidden-markov.ts";
import type { ReadBatch } from "./read-tokens.ts";
import { backwardPass, forwardPass, sumLog } from "./smoothing.ts";

/** Expected counts over a batch; see `ExpectedTransitions`. */
export interface TransitionCounts {
  readonly transitions: Float64Array;
  readonly starts: Float64Array;
  readonly logLikelihoods: Float64Array;
}

/** Where a batch is impossible. */
export interface ImpossibleAt {
  readonly sequence: number;
  readonly position: number;
}

/** Arrays for the longest sequence of a batch, to be used again in every pass. */
export interface SmoothingSpace {
  readonly beliefs: Float64Array;
  readonly probabilities: Float64Array;
}

/** Room for smoothing the longest sequence. */
export function smoothingSpace(source: string, stateDim: number, lengths: Int32Array): SmoothingSpace {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return {
    beliefs: allocate(source, Float64Array, (longest + 1) * stateDim),
    probabilities: allocate(source, Float64Array, longest),
  };
}

/** Expected transitions given a batch, or the first token whose conditional probability is not above `limit`. */
export function countTransitions(
  source: string,
  model: HiddenMarkov,
  { tokens, lengths, starts }: ReadBatch,
  limit: number,
  space: SmoothingSpace = smoothingSpace(source, model.stateDim, lengths),
): TransitionCounts | ImpossibleAt {
  const { stateDim: d, transitions } = model;
  const { beliefs, probabilities } = space;
  // belief times weight, summed over the steps with each token; the transition probability is a common factor
  const counts = new Float64Array(transitions.length);
  const begins = new Float64Array(d);
  const logs = new Float64Array(lengths.length);
  for (let i = 0; i < lengths.length; i++) {
    const [start, length] = [starts[i] ?? 0, lengths[i] ?? 0];
    const stretch = { tokens, start, length };
    const position = forwardPass(model, stretch, limit, beliefs, probabilities);
    if (position !== -1) return { sequence: i, position };
    logs[i] = sumLog(probabilities, length);
    backwardPass(model, stretch, beliefs, probabilities, (t, posterior, weights) => {
      if (t === 0) for (let s = 0; s < d; s++) begins[s] = (begins[s] ?? 0) + (posterior[s] ?? 0);
      if (t === length) return;
      for (let s = 0, at = (tokens[start + t] ?? 0) * d * d; s < d; s++) {
        const belief = beliefs[t * d + s] ?? 0;
        for (let j = 0; j < d; j++, at++) counts[at] = (counts[at] ?? 0) + belief * (weights[j] ?? 0);
      }
    });
  }
  for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) * (transitions[i] ?? 0);
  return { transitions: counts, starts: begins, logLikelihoods: logs };
}
