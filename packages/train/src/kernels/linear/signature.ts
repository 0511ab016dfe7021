import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = residual + scale (x w) + bias; x [rows, nIn], w [nIn, nOut], bias [nOut], y [rows, nOut]; bias and residual may be absent, residual may equal y. */
export const linearForwardSignature = {
  name: "linear_forward",
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

/** dX = scale dY w^T, added to dX when accumulate is 1. */
export const linearBackwardInputSignature = {
  name: "linear_backward_input",
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

/** dW += scale x^T dY, dBias += column sums of dY (not scaled); either may be absent. */
export const linearBackwardWeightSignature = {
  name: "linear_backward_weight",
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
