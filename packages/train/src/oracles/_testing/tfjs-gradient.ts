import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import type { TransformerConfig } from "../../model/config.ts";
import { elementCount, parameterSpecs } from "../../model/parameters.ts";
import type { Transformer } from "../../model/transformer.ts";
import type { LossGradient, Operations, WeightedBatch } from "./operations.ts";
import { transformerLoss } from "./transformer-loss.ts";

const activations: Readonly<Record<TransformerConfig["activation"], (x: tf.Tensor) => tf.Tensor>> = {
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  "gelu-tanh": (x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  },
  relu: (x) => tf.relu(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
};

const operations: Operations<tf.Tensor> = {
  constant: (values, shape) => tf.tensor(Float32Array.from(values), [...shape]),
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
  divide: (a, b) => tf.div(a, b),
  affine: (a, factor, shift = 0) => tf.add(tf.mul(a, factor), shift),
  sqrt: (a) => tf.sqrt(a),
  tanh: (a) => tf.tanh(a),
  activation: (name, a) => activations[name](a),
  matMul: (a, b) => tf.matMul(a, b),
  reshape: (a, shape) => tf.reshape(a, [...shape]),
  transpose: (a, axes) => tf.transpose(a, [...axes]),
  mean: (a) => tf.mean(a, -1, true),
  softmax: (a) => tf.softmax(a),
  logSoftmax: (a) => tf.logSoftmax(a),
  sum: (a) => tf.sum(a),
};

/** Loss and gradients by TensorFlow.js on its cpu backend: float32, its own automatic differentiation. */
export async function tfjsGradient(model: Transformer, batch: WeightedBatch): Promise<LossGradient> {
  tf.env().set("IS_TEST", true); // no advertisement of another backend
  await tf.setBackend("cpu");
  const specs = parameterSpecs(model.config, model.adapters);
  const result = tf.tidy(() => {
    const parameters = specs.map(({ name, shape }) =>
      tf.tensor(Float32Array.from(model.weights.get(name) ?? []), [...shape]),
    );
    const loss = (...tensors: readonly tf.Tensor[]): tf.Tensor =>
      transformerLoss(
        operations,
        model,
        new Map(specs.map(({ name }, i) => [name, tensors[i] ?? tf.scalar(Number.NaN)])),
        batch,
      );
    const { value, grads } = tf.valueAndGrads(
      (...tensors: tf.Tensor[]) => tf.reshape(loss(...tensors), []) as tf.Scalar,
    )(parameters);
    return { loss: value.dataSync()[0] ?? Number.NaN, gradients: grads.map((one) => one.dataSync().slice()) };
  });
  for (const [i, { name, shape }] of specs.entries()) {
    if (result.gradients[i]?.length !== elementCount(shape)) throw new Error(`no gradient of ${name}`);
  }
  return { loss: result.loss, gradients: new Map(specs.map(({ name }, i) => [name, result.gradients[i] ?? []])) };
}
