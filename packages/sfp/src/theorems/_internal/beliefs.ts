import type { Process } from "@semifactor/ghmm";
import { dot, IMPOSSIBLE, wordStates } from "@semifactor/ghmm/internal";

/** A possible word's probability and the belief after it. */
export interface ReachedBelief {
  readonly word: readonly number[];
  readonly probability: number;
  readonly belief: Float64Array;
}

/** The beliefs after every possible word of up to `maxLength` tokens, shorter words first. */
export function reachedBeliefs(process: Process, maxLength: number): readonly ReachedBelief[] {
  return Array.from({ length: maxLength + 1 }, (_, length) =>
    wordStates(process, length).flatMap(({ word, state }) => {
      const probability = dot(state, process.normalizer);
      return probability > IMPOSSIBLE ? [{ word, probability, belief: state.map((value) => value / probability) }] : [];
    }),
  ).flat();
}
