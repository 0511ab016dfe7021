import {
  denseBackwardInput,
  denseBackwardWeightTransposed,
  denseForward,
  type WeightLayout,
} from "../_webgpu/dense.ts";

/** w [nOut, nIn]. */
const layout: WeightLayout = { perInput: "1u", perOutput: "p.nIn" };

/** y = residual + scale (x w^T) + bias. */
export const linearTransposedForward = denseForward(layout);

/** dX = scale dY w, or += where `accumulate` is 1. */
export const linearTransposedBackwardInput = denseBackwardInput(layout);

/** dW += scale dY^T x, dBias += column sums of dY. */
export const linearTransposedBackwardWeight = denseBackwardWeightTransposed;
