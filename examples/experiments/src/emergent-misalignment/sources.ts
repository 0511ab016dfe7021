import type { Key } from "@semifactor/ghmm";
import { type PersonaSegments, samplePersonaSegments } from "@semifactor/sfp";
import type { BatchSource } from "@semifactor/train";

/** Which next-token predictions enter the loss: every emission, or only the first emission of each segment. */
export type LossPositions = "emissions" | "first-emissions";

/** What the sequences of a {@link segmentSource} are. */
export interface SegmentSourceOptions {
  readonly key: Key;
  readonly batchSize: number;
  /** Narrow data: only these contexts, every context misaligned. Without it, the process itself. */
  readonly narrow?: readonly number[];
  readonly loss?: LossPositions;
}

/** 1 where the next token is an emission that counts, `[length - 1]`, aligned with the targets `tokens[1..]`. */
export function lossPattern(process: PersonaSegments, loss: LossPositions): Uint8Array {
  const pattern = new Uint8Array(process.length - 1);
  for (let target = 1; target < process.length; target++) {
    const place = (target - 1) % (process.emissions + 1);
    pattern[target - 1] = place === 0 || (loss === "first-emissions" && place > 1) ? 0 : 1;
  }
  return pattern;
}

/** Batches of the process, or of misaligned narrow data, as a pure function of `(key, step)`. */
export function segmentSource(process: PersonaSegments, options: SegmentSourceOptions): BatchSource {
  const { key, batchSize, narrow, loss = "emissions" } = options;
  const pattern = lossPattern(process, loss);
  const lossMask = new Uint8Array(batchSize * pattern.length);
  for (let row = 0; row < batchSize; row++) lossMask.set(pattern, row * pattern.length);
  const restriction = narrow === undefined ? {} : ({ contexts: narrow, alignment: "misaligned" } as const);
  return {
    vocabularySize: process.vocabularySize,
    batchSize,
    length: process.length - 1,
    batch(step) {
      const { tokens } = samplePersonaSegments(process, {
        key,
        count: batchSize,
        firstIndex: step * batchSize,
        ...restriction,
      });
      return { tokens, lossMask };
    },
  };
}
