import { filterBeliefs } from "../../belief/filter.ts";
import { sampleSequences } from "../../belief/sample.ts";
import type { Process } from "../../process/process.ts";
import type { Key } from "../../random/key.ts";
import { nextTokenEntropy } from "./next-token-entropy.ts";

/** Means over sampled sequences, each with its standard error. */
export interface SampledMeans {
  /** `[n]`. */
  readonly mean: Float64Array;
  /** `[n]`. */
  readonly standardError: Float64Array;
}

/**
 * Means of a statistic of the next-token entropies (nats) at the exact beliefs before each token of sampled sequences: less noisy
 * than `-log P` of the tokens.
 *
 * @param statistic - writes its `size` values to `out`, given the `length` entropies of one sequence
 */
export function sampledMeans(
  process: Process,
  options: { readonly length: number; readonly samples: number; readonly key: Key; readonly size: number },
  statistic: (entropies: Float64Array, out: Float64Array) => void,
): SampledMeans {
  const { length, samples, key, size } = options;
  const entropyOf = nextTokenEntropy(process);
  const { stateDim } = process;
  const entropies = new Float64Array(length);
  const values = new Float64Array(size);
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let i = 0; i < samples; i++) {
    const batch = sampleSequences(process, { count: 1, length: Math.max(0, length - 1), key, firstIndex: i });
    const { beliefs } = filterBeliefs(process, batch);
    for (let t = 0; t < length; t++) entropies[t] = entropyOf(beliefs.subarray(t * stateDim, (t + 1) * stateDim));
    statistic(entropies, values);
    for (let k = 0; k < size; k++) {
      const difference = (values[k] ?? 0) - (mean[k] ?? 0);
      mean[k] = (mean[k] ?? 0) + difference / (i + 1);
      squares[k] = (squares[k] ?? 0) + difference * ((values[k] ?? 0) - (mean[k] ?? 0));
    }
  }
  return { mean, standardError: squares.map((sum) => Math.sqrt(Math.max(0, sum) / (samples - 1) / samples)) };
}
