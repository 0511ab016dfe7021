import { type Key, type Process, sampleSequences } from "@semifactor/ghmm";
import { hmmSampler } from "../../../data/_internal/hmm-sampler.ts";

/** Which sequences of a process are drawn: those of one shard, whose first is `first` beyond that of the batch. */
export interface SampledRange {
  readonly key: Key;
  /** Index of the first sequence of the batch. */
  readonly firstIndex: number;
  readonly first: number;
  readonly batch: number;
  readonly length: number;
  /** The token at the front of every sequence, -1 for none. */
  readonly bos: number;
}

/** The buffers and numbers of a `sample_hmm` call, integers as signed 32-bit words. */
export interface SamplerCall {
  readonly buffers: Readonly<Record<"source" | "first" | "rowStart" | "last" | "token" | "next", Int32Array>>;
  readonly numbers: Readonly<Record<"batch" | "length" | "states" | "bos" | "weight", number>>;
}

/** What a `sample_hmm` call takes for a range of sequences of a hidden Markov model. */
export function samplerCall(process: Process, range: SampledRange): SamplerCall {
  const { key, firstIndex, first, batch, length, bos } = range;
  const sampler = hmmSampler(process, { bos, source: () => [key[0], key[1], firstIndex] });
  if (sampler === undefined) throw new Error("samplerCall: not a hidden Markov model whose transitions can be listed");
  const { rowStart, last, token, next, states } = sampler;
  const source = Int32Array.from(new Uint32Array(sampler.source(0)));
  return {
    buffers: { source, first: Int32Array.of(first), rowStart, last, token, next },
    numbers: { batch, length, states, bos, weight: 0.375 },
  };
}

/** Tokens and targets `[batch, length]` of the same sequences, by `sampleSequences`. */
export function sampledBatch(
  process: Process,
  { key, firstIndex, first, batch, length, bos }: SampledRange,
): { readonly tokens: readonly number[]; readonly targets: readonly number[] } {
  const width = bos < 0 ? length + 1 : length;
  const index = (firstIndex + first) % 2 ** 32;
  const symbols = sampleSequences(process, { count: batch, length: width, key, firstIndex: index }).tokens;
  const rows = Array.from({ length: batch }, (_, b) => [
    ...(bos < 0 ? [] : [bos]),
    ...symbols.subarray(b * width, (b + 1) * width),
  ]);
  return { tokens: rows.flatMap((row) => row.slice(0, -1)), targets: rows.flatMap((row) => row.slice(1)) };
}
