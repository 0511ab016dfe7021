import type { BufferReference, KernelCall } from "../types.ts";
import type { Context } from "./context.ts";

/** Sizes of the tables of a hidden Markov model that is sampled on the device. */
export interface SamplerShape {
  readonly states: number;
  /** Outcomes (token, next state) of all states and of the initial distribution together. */
  readonly outcomes: number;
  /** Token that begins every sequence and is no target, or -1. */
  readonly bos: number;
}

/**
 * The calls that draw one shard's tokens, targets and weights. Buffers, all i32: `sampler.source` [4] (key, index of the first sequence of the batch, 0), `sampler.first`
 * [1] per shard (index of its first sequence in the batch), `sampler.rowStart` [states + 2], `sampler.last`, `sampler.token`, `sampler.next` [outcomes].
 */
export function emitSampler(
  context: Context,
  { states, outcomes, bos }: SamplerShape,
  { tokens, batch, rows }: { readonly tokens: BufferReference; readonly batch: number; readonly rows: number },
): readonly KernelCall[] {
  const { builder, length } = context;
  const table = (name: string, count: number): BufferReference =>
    builder.allocate(`sampler.${name}`, "shared", [count], "i32");
  return [
    builder.call("sample_hmm", {
      source: table("source", 4),
      first: builder.allocate("sampler.first", "shard", [1], "i32"),
      rowStart: table("rowStart", states + 2),
      last: table("last", outcomes),
      token: table("token", outcomes),
      next: table("next", outcomes),
      tokens,
      targets: builder.allocate("targets", "shard", [rows], "i32"),
      weights: builder.allocate("weights", "shard", [rows]),
      batch: context.batch,
      length,
      states,
      bos,
      weight: 1 / (batch * length),
    }),
  ];
}
