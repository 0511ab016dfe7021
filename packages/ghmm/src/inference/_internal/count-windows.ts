import { allocate } from "../../numeric/allocate.ts";
import { InvalidArgumentError } from "../../numeric/errors.ts";
import type { ReadBatch } from "./read-tokens.ts";

/** Relative frequencies of the words in a sliding window. */
export interface WindowFrequencies {
  /** Frequency of each word of `2 wordLength + 1` tokens, indexed by its tokens, first slowest. */
  readonly frequencies: Float64Array;
  /** The same in the first half of the windows and in the second. */
  readonly halves: readonly [Float64Array, Float64Array];
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
  const halves = [allocate(source, Float64Array, space), allocate(source, Float64Array, space)] as const;
  const windows = lengths.reduce((sum, length) => sum + Math.max(0, length - width + 1), 0);
  if (windows === 0) {
    throw new InvalidArgumentError({
      source,
      problem: `no sequence has ${width} tokens`,
      remedy: "Give a longer sequence, or a smaller wordLength",
    });
  }
  const inFirst = Math.ceil(windows / 2);
  let counted = 0;
  for (let i = 0; i < lengths.length; i++) {
    const [start, length] = [starts[i] ?? 0, lengths[i] ?? 0];
    for (let t = 0, code = 0; t < length; t++) {
      code = (code * size + (tokens[start + t] ?? 0)) % space;
      if (t + 1 < width) continue;
      const half = halves[counted++ < inFirst ? 0 : 1];
      half[code] = (half[code] ?? 0) + 1;
    }
  }
  const [first, second] = halves;
  const frequencies = first.map((count, code) => (count + (second[code] ?? 0)) / windows);
  for (let code = 0; code < space; code++) {
    first[code] = (first[code] ?? 0) / inFirst;
    second[code] = (second[code] ?? 0) / Math.max(1, windows - inFirst);
  }
  return { frequencies, halves, windows };
}
