import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** metrics[2 k] = sum over shards and rows of weights rowLoss, metrics[2 k + 1] = gradient norm (scalars[9]), with k = scalars[10], an integer below slots; rowLoss, weights [rows] of shard 0, those of the next shard stride elements on. */
export const recordMetricsSignature = {
  name: "record_metrics",
  args: [
    ["rowLoss", "buffer"],
    ["weights", "buffer"],
    ["stride", "stride"],
    ["scalars", "buffer"],
    ["metrics", "buffer"],
    ["shards", "int"],
    ["rows", "int"],
    ["slots", "int"],
  ],
} as const satisfies KernelSignature;
