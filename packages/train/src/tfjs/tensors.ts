import { ShapeError } from "@semifactor/ghmm";
import type { CapturedActivation } from "../run/run.ts";
import type { Tensor, TensorFlowModule } from "./tensorflow.ts";

/**
 * An activation, or logits with their shape, as a float32 tensor.
 *
 * @throws ShapeError if there are not as many values as the shape says
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { toTensor } from "@semifactor/train/tfjs";
 *
 * const tensor = toTensor(tf, { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
 * expect(tensor.shape).toEqual([2, 2]);
 * ```
 */
export function toTensor(tf: Pick<TensorFlowModule, "tensor">, { values, shape }: CapturedActivation): Tensor {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    throw new ShapeError({
      source: "toTensor",
      problem: `${values.length} values for the shape [${shape.join(", ")}]`,
      remedy: `Give ${expected} values`,
    });
  }
  return tf.tensor(values instanceof Float32Array ? values : Float32Array.from(values), [...shape], "float32");
}

/**
 * The values and the shape of a tensor, as `run` gives activations and as interventions take them.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { fromTensor, toTensor } from "@semifactor/train/tfjs";
 *
 * const activation = { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
 * expect(await fromTensor(toTensor(tf, activation))).toEqual(activation);
 * ```
 */
export async function fromTensor(tensor: Tensor): Promise<CapturedActivation> {
  return { values: Float32Array.from(await tensor.data()), shape: [...tensor.shape] };
}
