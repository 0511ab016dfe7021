import { denseBackwardInput, denseBackwardWeight, denseForward, type WeightLayout } from "../_webgpu/dense.ts";

/** w [nIn, nOut]. */
const layout: WeightLayout = { perInput: "p.nOut", perOutput: "1u" };

/** y = residual + scale (x w) + bias. */
export const linearForward = denseForward(layout);

/** dX = scale dY w^T, or += where `accumulate` is 1. */
export const linearBackwardInput = denseBackwardInput(layout);

/** dW += scale x^T dY, dBias += column sums of dY. */
export const linearBackwardWeight = denseBackwardWeight;
