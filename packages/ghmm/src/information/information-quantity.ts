import type { EntropyUnit } from "../numeric/entropy.ts";

/** Options of the information quantities of a process. */
export interface InformationOptions {
  /** `"bits"` by default. */
  readonly unit?: EntropyUnit;
  /**
   * Most distinct beliefs at one depth, 20 000 by default, at most 2^23; a presentation of more than this many mixed states, or
   * of more than 1024, counts as infinite.
   */
  readonly maxStates?: number;
  /** Longest block of tokens in sums over an infinite presentation, 256 by default, at most 2^20. */
  readonly maxLength?: number;
}

/** An information quantity, how it was found, and what is known of its error. */
export interface InformationQuantity {
  /** The quantity, or the lower bound where it is a partial sum. */
  readonly value: number;
  /** No smaller than this, up to rounding; absent where nothing is proved. */
  readonly lower?: number;
  /** No larger than this, up to rounding; absent where nothing is proved. */
  readonly upper?: number;
  /**
   * `"presentation"`: closed form over finitely many mixed states. `"partial-sum"`: the first `length` terms of a series of
   * non-negative terms. `"truncated-presentation"`: closed form over the mixed states that carry all but `truncation` of the time.
   */
  readonly method: "presentation" | "partial-sum" | "truncated-presentation";
  /** Unit of value and bounds. */
  readonly unit: EntropyUnit;
  /** Number of terms of a partial sum. */
  readonly length?: number;
  /** Share of time, or of probability, of the mixed states that were left out. */
  readonly truncation?: number;
}
