import { foldIn, InvalidArgumentError, type Key, randomBits, ShapeError } from "@semifactor/ghmm";
import { brief } from "../io/_internal/brief.ts";
import { checkGiven } from "../io/_internal/check-given.ts";
import type { BatchSource } from "./batch-source.ts";

/** Options of {@link tokenArraySource}. */
export interface TokenArraySourceOptions {
  /** `[count, length + 1]`, row-major. */
  readonly tokens: Int32Array;
  readonly length: number;
  readonly vocabularySize: number;
  readonly batchSize: number;
  readonly key: Key;
  /** `[length]`: 0 where the loss does not count, the same for every sequence. */
  readonly lossMask?: Uint8Array;
}

/**
 * Batches drawn with replacement from sequences in memory; batch `step` depends on `foldIn(key, step)` only.
 *
 * A draw is a 32-bit integer modulo the number of sequences: the bias is below count / 2^32.
 *
 * @throws ShapeError if `tokens` is not a whole, positive number of sequences, or the mask has another length
 * @throws InvalidArgumentError if a size is not a positive integer
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { tokenArraySource } from "@semifactor/train";
 *
 * const tokens = Int32Array.of(0, 1, 0, 1, 0, 1); // two sequences of two inputs
 * const source = tokenArraySource({ tokens, length: 2, vocabularySize: 2, batchSize: 4, key: createKey(0) });
 * expect(source.batch(7)).toEqual(source.batch(7));
 * expect(source.batch(7).tokens.length).toBe(4 * 3);
 * ```
 */
export function tokenArraySource(options: TokenArraySourceOptions): BatchSource {
  const source = "tokenArraySource";
  checkGiven(source, { options });
  const { tokens, length, vocabularySize, batchSize, key, lossMask } = options;
  for (const [name, size] of Object.entries({ length, vocabularySize, batchSize })) {
    if (Number.isInteger(size) && size > 0) continue;
    throw new InvalidArgumentError({ source, problem: `${name} is ${size}`, remedy: "Give a positive integer" });
  }
  if (!(tokens instanceof Int32Array)) {
    const problem = `tokens is ${brief(tokens)}`;
    throw new InvalidArgumentError({ source, problem, remedy: "Give an Int32Array" });
  }
  // Checks the key now rather than at the first step.
  foldIn(key, 0);
  const width = length + 1;
  if (tokens.length === 0 || tokens.length % width !== 0) {
    throw new ShapeError({
      source,
      problem: `${tokens.length} tokens`,
      remedy: `Give a positive multiple of length + 1 = ${width}`,
    });
  }
  if (lossMask !== undefined && lossMask.length !== length) {
    throw new ShapeError({ source, problem: `lossMask has ${lossMask.length} entries`, remedy: `Give ${length}` });
  }
  const count = tokens.length / width;
  const mask = lossMask && Uint8Array.from({ length: batchSize * length }, (_, i) => lossMask[i % length] ?? 0);
  return {
    vocabularySize,
    batchSize,
    length,
    batch(step) {
      const batch = new Int32Array(batchSize * width);
      for (const [row, bits] of randomBits(foldIn(key, step), batchSize).entries()) {
        const first = (bits % count) * width;
        batch.set(tokens.subarray(first, first + width), row * width);
      }
      return mask === undefined ? { tokens: batch } : { tokens: batch, lossMask: mask };
    },
  };
}
