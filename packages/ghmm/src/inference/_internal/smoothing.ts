import type { HiddenMarkov } from "./hidden-markov.ts";

/**
 * A hidden state whose filtered probability is below this counts as impossible from there on: its inverse, which smoothing
 * needs, stays finite.
 */
export const NEGLIGIBLE = 1e-280;

/** A stretch of tokens: `length` of them from index `start`. */
export interface Stretch {
  readonly tokens: Int32Array;
  readonly start: number;
  readonly length: number;
}

/**
 * Filters a stretch: writes `P(S_t | x_1 .. x_t)` to `beliefs`, `[length + 1, d]`, and `P(x_t | x_1 .. x_{t-1})` to
 * `probabilities`, `[length]`.
 *
 * @returns the first position whose probability is not above `limit`, or -1
 */
export function forwardPass(
  model: HiddenMarkov,
  { tokens, start, length }: Stretch,
  limit: number,
  beliefs: Float64Array,
  probabilities: Float64Array,
): number {
  const { stateDim: d, transitions } = model;
  beliefs.set(model.initial);
  for (let t = 0, from = 0; t < length; t++, from += d) {
    const to = from + d;
    let at = (tokens[start + t] ?? 0) * d * d;
    beliefs.fill(0, to, to + d);
    for (let s = 0; s < d; s++) {
      const weight = beliefs[from + s] ?? 0;
      if (weight === 0) {
        at += d;
        continue;
      }
      for (let j = to; j < to + d; j++, at++) beliefs[j] = (beliefs[j] ?? 0) + weight * (transitions[at] ?? 0);
    }
    let sum = 0;
    for (let j = to; j < to + d; j++) sum += beliefs[j] ?? 0;
    if (!(sum > limit)) return t;
    for (let j = to; j < to + d; j++) {
      const value = (beliefs[j] ?? 0) / sum;
      beliefs[j] = value < NEGLIGIBLE ? 0 : value;
    }
    probabilities[t] = sum;
  }
  return -1;
}

/**
 * Smooths a filtered stretch from its end: calls `visit` at `t = length, ..., 0` with `P(S_t | all tokens)`, `[d]`, and the
 * weights of the step after `t`, with which `P(S_t = s, S_{t+1} = s' | all tokens) = beliefs[t, s] T[s, s'] weights[s']`
 * (at `t = length` there is none and the weights are 0).
 *
 * Each posterior comes from the next through `P(S_t | S_{t+1}, x_1 .. x_t)` and is normalized again, so that nothing grows.
 */
export function backwardPass(
  model: HiddenMarkov,
  { tokens, start, length }: Stretch,
  beliefs: Float64Array,
  probabilities: Float64Array,
  visit: (t: number, posterior: Float64Array, weights: Float64Array) => void,
): void {
  const { stateDim: d, transitions } = model;
  const posterior = beliefs.slice(length * d, (length + 1) * d);
  const weights = new Float64Array(d);
  visit(length, posterior, weights);
  for (let t = length - 1, from = t * d; t >= 0; t--, from -= d) {
    const probability = probabilities[t] ?? 1;
    for (let s = 0; s < d; s++) {
      const belief = beliefs[from + d + s] ?? 0;
      weights[s] = belief === 0 ? 0 : (posterior[s] ?? 0) / (belief * probability);
    }
    let sum = 0;
    for (let s = 0, at = (tokens[start + t] ?? 0) * d * d; s < d; s++) {
      let backward = 0;
      for (let j = 0; j < d; j++, at++) backward += (transitions[at] ?? 0) * (weights[j] ?? 0);
      const value = (beliefs[from + s] ?? 0) * backward;
      posterior[s] = value;
      sum += value;
    }
    for (let s = 0; s < d; s++) posterior[s] = (posterior[s] ?? 0) / sum;
    visit(t, posterior, weights);
  }
}

/** Sum of the logarithms of the first `length` entries. */
export function sumLog(probabilities: Float64Array, length: number): number {
  let sum = 0;
  for (let t = 0; t < length; t++) sum += Math.log(probabilities[t] ?? 1);
  return sum;
}
