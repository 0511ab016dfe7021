import type { BufferReference, KernelCall } from "../types.ts";
import type { Context } from "./context.ts";

/** What is computed from the logits. */
export interface Objective {
  /** Calls after the forward pass, where no gradient is asked for. */
  readonly forward: readonly KernelCall[];
  /** Emits the loss and the gradient of the logits. */
  emitGradient(): void;
}

/** The weighted cross-entropy of the targets, or the product of the logits with given numbers. */
export function emitObjective(
  context: Context,
  options: {
    readonly logits: BufferReference;
    readonly dLogits: BufferReference;
    readonly loss: boolean;
    readonly objective?: "cross-entropy" | "logits";
  },
): Objective {
  const { builder, rows, emit } = context;
  const { logits, dLogits, loss } = options;
  const { outputSize } = context.config;
  if (options.objective === "logits") {
    const given = builder.allocate("logitGradient", "shard", [rows, outputSize]);
    // Copied, because the backward pass uses it up.
    return { forward: [], emitGradient: () => emit("copy", { src: given, dst: dLogits, n: rows * outputSize }) };
  }
  if (!loss) return { forward: [], emitGradient: () => {} };
  const args = {
    logits,
    targets: builder.allocate("targets", "shard", [rows], "i32"),
    weights: builder.allocate("weights", "shard", [rows]),
    rowLoss: builder.allocate("rowLoss", "shard", [rows]),
    rows,
    vocabulary: outputSize,
  };
  return {
    forward: [builder.call("cross_entropy", { ...args, dLogits: 0 })],
    emitGradient: () => emit("cross_entropy", { ...args, dLogits }),
  };
}
