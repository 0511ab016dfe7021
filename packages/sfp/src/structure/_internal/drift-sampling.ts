import { type Key, sampleSequences } from "@semifactor/ghmm";
import { blockProcess } from "../blocks.ts";
import type { SemiFactoredProcess } from "../semi-factored.ts";
import { type BlockPair, divergence } from "./block-beliefs.ts";

/** Means in nats over sampled sequences. */
export interface SampledDivergence {
  readonly mean: number;
  readonly standardError: number;
  /** `[length]`. */
  readonly perStep: Float64Array;
}

/**
 * The divergence at the exact beliefs after sampled words of the first block, at each position, and its mean over the positions from
 * `burnIn` on: less noisy than the log-likelihood ratios of the tokens, with the same mean.
 */
export function sampleDivergences(
  process: SemiFactoredProcess,
  block: number,
  pair: BlockPair,
  { samples, length, burnIn, key }: Readonly<Record<"samples" | "length" | "burnIn", number>> & { readonly key: Key },
): SampledDivergence {
  const { tokens } = sampleSequences(blockProcess(process, block), { count: samples, length, key });
  const [p, q] = [new Float64Array(pair.tokens), new Float64Array(pair.tokens)];
  const state = pair.initial.slice();
  const perStep = new Float64Array(length);
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < samples; i++) {
    state.set(pair.initial);
    let late = 0;
    let here = 0;
    for (let t = 0; t < length; t++) {
      pair.predict(state, p, q);
      // once a word could have decided it, the expectation stays infinite
      if (here < Number.POSITIVE_INFINITY) here = divergence(p, q);
      perStep[t] = (perStep[t] ?? 0) + here / samples;
      if (t >= burnIn) late += here / (length - burnIn);
      const token = tokens[i * length + t] ?? 0;
      pair.advance(state, token, 0);
      pair.advance(state, token, 1);
    }
    const difference = late - mean;
    mean += difference / (i + 1);
    squares += difference * (late - mean);
  }
  const infinite = perStep.indexOf(Number.POSITIVE_INFINITY);
  if (infinite >= 0) {
    return {
      mean: Number.POSITIVE_INFINITY,
      standardError: 0,
      perStep: perStep.fill(Number.POSITIVE_INFINITY, infinite),
    };
  }
  return { mean, standardError: Math.sqrt(Math.max(0, squares) / (samples - 1) / samples), perStep };
}
