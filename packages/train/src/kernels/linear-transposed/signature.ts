import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = residual + scale (x w^T) + bias with w [nOut, nIn]; the tied unembedding. */
export const linearTransposedForwardSignature = {
  name: "linear_transposed_forward",
  args: [
    ["x", "buffer"],
    ["w", "buffer"],
    ["bias", "buffer"],
    ["residual", "buffer"],
    ["y", "buffer"],
    ["rows", "int"],
    ["nIn", "int"],
    ["nOut", "int"],
    ["scale", "float"],
  ],
} as const satisfies KernelSignature;

/** dX = scale dY w, added to dX when accumulate is 1. */
export const linearTransposedBackwardInputSignature = {
  name: "linear_transposed_backward_input",
  args: [
    ["dY", "buffer"],
    ["w", "buffer"],
    ["dX", "buffer"],
    ["rows", "int"],
    ["nIn", "int"],
    ["nOut", "int"],
    ["scale", "float"],
    ["accumulate", "int"],
  ],
} as const satisfies KernelSignature;

/** dW += scale dY^T x [nOut, nIn], dBias += column sums of dY (not scaled); either may be absent. */
export const linearTransposedBackwardWeightSignature = {
  name: "linear_transposed_backward_weight",
  args: [
    ["x", "buffer"],
    ["dY", "buffer"],
    ["dW", "buffer"],
    ["dBias", "buffer"],
    ["rows", "int"],
    ["nIn", "int"],
    ["nOut", "int"],
    ["scale", "float"],
  ],
} as const satisfies KernelSignature;
