import { allocate } from "../../numeric/allocate.ts";
import { InvalidArgumentError } from "../../numeric/errors.ts";
import type { ReadBatch } from "./read-tokens.ts";

/** Relative frequencies of the words in a sliding window. */
export interface WindowFrequencies {
  /** Frequency of each word of `2 wordLength + 1` tokens, indexed by its tokens, first slowest. */
  readonly frequencies: Float64Array;
  /** Number of windows. */
  readonly windows: number;
}

/** Counts the words of `2 wordLength + 1` tokens at all positions of all sequences; no window spans two sequences. */
export function countWindows(
  source: string,
  { tokens, lengths, starts }: ReadBatch,
  size: number,
  wordLength: number,
): WindowFrequencies {
  const width = 2 * wordLength + 1;
  const space = size ** width;
  const frequencies = allocate(source, Float64Array, space);
  let windows = 0;
  for (let i = 0; i < lengths.length; i++) {
    const [start, length] = [starts[i] ?? 0, lengths[i] ?? 0];
    for (let t = 0, code = 0; t < length; t++) {
      code = (code * size + (tokens[start + t] ?? 0)) % space;
      if (t + 1 < width) continue;
      frequencies[code] = (frequencies[code] ?? 0) + 1;
      windows++;
    }
  }
  if (windows === 0) {
    throw new InvalidArgumentError({
      source,
      problem: `no sequence has ${width} tokens`,
      remedy: "Give a longer sequence, or a smaller wordLength",
    });
  }
  for (let i = 0; i < space; i++) frequencies[i] = (frequencies[i] ?? 0) / windows;
  return { frequencies, windows };
}
