/**
 * Exchange with TensorFlow.js: activations as tensors, and losses on activations that are written in it.
 *
 * @packageDocumentation
 */
export { type AuxiliaryLossOptions, auxiliaryLoss } from "./auxiliary-loss.ts";
export { shareDevice, type WebgpuBackendModule } from "./shared-device.ts";
export type { Scalar, Tensor, TensorFlowModule } from "./tensorflow.ts";
export { fromTensor, toTensor } from "./tensors.ts";
