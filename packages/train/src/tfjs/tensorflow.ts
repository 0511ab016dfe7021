import type * as TensorFlow from "@tensorflow/tfjs-core";

/**
 * The parts of TensorFlow.js that are used, from `@tensorflow/tfjs-core` or `@tensorflow/tfjs`: pass the module, so that there is one registry of backends and operations
 * (with `@tensorflow/tfjs-core` alone, import `@tensorflow/tfjs-core/dist/register_all_gradients.js` too).
 */
export type TensorFlowModule = Pick<
  typeof TensorFlow,
  | "tensor"
  | "scalar"
  | "mul"
  | "valueAndGrads"
  | "tidy"
  | "dispose"
  | "backend"
  | "registerBackend"
  | "removeBackend"
  | "findBackendFactory"
  | "setBackend"
  | "getBackend"
>;

/** A tensor of TensorFlow.js. */
export type Tensor = TensorFlow.Tensor;

/** A tensor with one element. */
export type Scalar = TensorFlow.Scalar;
