import type { DeviceSampler } from "./device-sampler.ts";

/** One batch of training sequences. */
export interface Batch {
  /** `[batchSize, length + 1]`, row-major: inputs are the first `length` tokens of a row, targets the last `length`. */
  readonly tokens: Int32Array;
  /** `[batchSize, length]`, aligned with the targets: 0 where the loss does not count; everything counts by default. */
  readonly lossMask?: Uint8Array;
}

/**
 * Training data: `batch(step)` is a pure function of the source's key and the step, so that resuming needs no state.
 */
export interface BatchSource {
  readonly vocabularySize: number;
  readonly batchSize: number;
  /** Number of inputs (and of targets) per sequence. */
  readonly length: number;
  batch(step: number): Batch;
  /** Draws the tokens of `batch(step)` on the device: sources that are hidden Markov models have one. Every target of theirs counts. */
  readonly sampler?: DeviceSampler;
}
