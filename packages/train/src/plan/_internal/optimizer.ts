import { scalarCount } from "../../kernels/_internal/optimizer-scalars.ts";
import { optimizerSegments, type TrainableLayout } from "../trainable.ts";
import type { KernelCall } from "../types.ts";
import { shifted } from "./builder.ts";
import type { Context } from "./context.ts";

/** The shared calls of a plan that trains. */
export interface OptimizerCalls {
  /** gradient = sum over shards. */
  readonly reduce: readonly KernelCall[];
  /** gradient += sum over shards; empty unless the plan accumulates. */
  readonly accumulate: readonly KernelCall[];
  /** Clip by the global norm, then AdamW or SGD. */
  readonly update: readonly KernelCall[];
  /** gradient = 0; empty unless the plan accumulates. */
  readonly clear: readonly KernelCall[];
  /** Loss and gradient norm into the slot of the step; empty unless the plan keeps metrics. */
  readonly record: readonly KernelCall[];
}

/** Emits reduction, clipping, update and record. Called when the region `shard` is complete. */
export function optimizerCalls(
  context: Context,
  trainable: TrainableLayout,
  shards: number,
  options: {
    readonly optimizer?: "adamw" | "sgd";
    readonly accumulate?: boolean;
    readonly metricsSlots?: number;
  },
): OptimizerCalls {
  const { builder, rows } = context;
  const { optimizer = "adamw", accumulate = false, metricsSlots = 0 } = options;
  const n = trainable.gradientLength;
  const first = builder.allocate("shardGradient", "shard", [n]);
  const [gradient, m] = [builder.allocate("gradient", "shared", [n]), builder.allocate("m", "shared", [n])];
  const v = builder.allocate("v", "shared", [optimizer === "adamw" ? n : 0]);
  const scalars = builder.allocate("scalars", "shared", [scalarCount]);
  const sumsq = builder.allocate("sumOfSquares", "shared", [1]);
  const parameters = builder.allocate("parameters", "shared", []);
  const [rowLoss, weights] = [
    builder.allocate("rowLoss", "shard", [rows]),
    builder.allocate("weights", "shard", [rows]),
  ];
  // The region is complete here: nothing is allocated in the region `shard` after these.
  const stride = builder.regionLengths().shard;
  const micro = accumulate ? builder.allocate("gradient.micro", "shared", [n]) : undefined;
  const metrics = metricsSlots > 0 ? builder.allocate("metrics", "shared", [metricsSlots, 2]) : undefined;
  return {
    reduce: [builder.call("reduce_shards", { first, stride, out: gradient, shards, n })],
    accumulate: micro
      ? [
          builder.call("reduce_shards", { first, stride, out: micro, shards, n }),
          builder.call("add", { src: micro, dst: gradient, n }),
        ]
      : [],
    update: [
      builder.call("sum_of_squares", { x: gradient, out: sumsq, n }),
      builder.call("clip_scale", { sumsq, scalars }),
      ...optimizerSegments(trainable).map(({ offset, count, gradientOffset, decay }) => {
        const args = {
          param: shifted(parameters, offset),
          grad: shifted(gradient, gradientOffset),
          m: shifted(m, gradientOffset),
          scalars,
          n: count,
          decay: decay ? 1 : 0,
        };
        return optimizer === "sgd"
          ? builder.call("sgd", args)
          : builder.call("adamw", { ...args, v: shifted(v, gradientOffset) });
      }),
    ],
    clear: micro ? [builder.call("fill", { buffer: gradient, value: 0, n })] : [],
    record: metrics
      ? [
          builder.call("record_metrics", {
            rowLoss,
            weights,
            stride,
            scalars,
            metrics,
            shards,
            rows,
            slots: metricsSlots,
          }),
        ]
      : [],
  };
}
