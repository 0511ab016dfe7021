import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** out[i] = sum over shards s, in order, of first[s stride + i]; the plan gives the stride in elements (an engine over bytes converts it). */
export const reduceShardsSignature = {
  name: "reduce_shards",
  args: [
    ["first", "buffer"],
    ["stride", "stride"],
    ["out", "buffer"],
    ["shards", "int"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
