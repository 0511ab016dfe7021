import { fc } from "@fast-check/vitest";
import { hmm, word } from "../../arbitraries/index.ts";
import { createHmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";
import { createKey } from "../../random/key.ts";
import { randomModel } from "../_internal/expectation-maximization.ts";

/** An HMM and a word of at most five tokens. */
export const hmmAndWord = hmm({ maxStates: 3, stationary: false }).chain((process) =>
  word(process, 5).map((tokens) => ({ process, tokens })),
);

/** An HMM and up to four sequences of different lengths, empty ones among them. */
export const hmmAndSequences = hmm({ maxStates: 3, stationary: false }).chain((process) =>
  fc.array(word(process, 4), { maxLength: 4 }).map((sequences) => ({ process, sequences })),
);

/** Sequences as a ragged batch. */
export function ragged(sequences: readonly (readonly number[])[]): { tokens: number[]; lengths: number[] } {
  return { tokens: sequences.flat(), lengths: sequences.map((sequence) => sequence.length) };
}

/** A stationary HMM whose rows over (token, next state) are uniform on their simplex. */
export function randomHmm(states: number, tokens: number, seed: number): Process {
  const { transitions } = randomModel(states, tokens, createKey(seed));
  return createHmm({
    operators: Array.from({ length: tokens }, (_, x) =>
      Array.from({ length: states }, (_, s) =>
        transitions.slice((x * states + s) * states, (x * states + s + 1) * states),
      ),
    ),
  });
}

/** Two states that the first token tells apart, and token 2 impossible. */
export const separated: Process = createHmm({
  operators: [
    [
      [0.5, 0.5],
      [0, 0],
    ],
    [
      [0, 0],
      [0.25, 0.75],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ],
});
