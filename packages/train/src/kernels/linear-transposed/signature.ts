import type { KernelSignature } from "../_internal/kernel-signature.ts";
import {
  linearBackwardInputSignature,
  linearBackwardWeightSignature,
  linearForwardSignature,
} from "../linear/signature.ts";

/** y = residual + scale (x w^T) + bias with w [nOut, nIn]; the tied unembedding. */
export const linearTransposedForwardSignature = {
  name: "linear_transposed_forward",
  args: linearForwardSignature.args,
} as const satisfies KernelSignature;

/** dX = scale dY w, added to dX when accumulate is 1. */
export const linearTransposedBackwardInputSignature = {
  name: "linear_transposed_backward_input",
  args: linearBackwardInputSignature.args,
} as const satisfies KernelSignature;

/** dW += scale dY^T x [nOut, nIn], dBias += column sums of dY (not scaled); either may be absent. */
export const linearTransposedBackwardWeightSignature = {
  name: "linear_transposed_backward_weight",
  args: linearBackwardWeightSignature.args,
} as const satisfies KernelSignature;
