import { defaultDevice, init, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { TransformerConfig } from "../../model/config.ts";
import { parameterSpecs } from "../../model/parameters.ts";
import type { Transformer } from "../../model/transformer.ts";
import type { LossGradient, Operations, WeightedBatch } from "./operations.ts";
import { transformerLoss } from "./transformer-loss.ts";

const activations: Readonly<Record<TransformerConfig["activation"], (x: np.Array) => np.Array>> = {
  gelu: (x) => nn.gelu(x.ref, { approximate: false }),
  "gelu-tanh": (x) => nn.gelu(x.ref, { approximate: true }),
  relu: (x) => nn.relu(x.ref),
  silu: (x) => nn.silu(x.ref),
};

// A use of an array consumes it; `.ref` keeps it for another.
const operations: Operations<np.Array> = {
  constant: (values, shape) => np.array(Float32Array.from(values)).reshape([...shape]),
  add: (a, b) => a.ref.add(b.ref),
  subtract: (a, b) => a.ref.sub(b.ref),
  multiply: (a, b) => a.ref.mul(b.ref),
  divide: (a, b) => a.ref.div(b.ref),
  affine: (a, factor, shift = 0) => a.ref.mul(factor).add(shift),
  sqrt: (a) => np.sqrt(a.ref),
  tanh: (a) => np.tanh(a.ref),
  activation: (name, a) => activations[name](a),
  matMul: (a, b) => np.matmul(a.ref, b.ref),
  reshape: (a, shape) => a.ref.reshape([...shape]),
  transpose: (a, axes) => a.ref.transpose([...axes]),
  mean: (a) => np.mean(a.ref, -1, { keepdims: true }),
  softmax: (a) => nn.softmax(a.ref, -1),
  logSoftmax: (a) => nn.logSoftmax(a.ref, -1),
  sum: (a) => np.sum(a.ref),
};

/** Loss and gradients by jax-js on its wasm backend: float32, its own automatic differentiation. */
export async function jaxGradient(model: Transformer, batch: WeightedBatch): Promise<LossGradient> {
  await init("wasm"); // without an argument it looks for a browser
  defaultDevice("wasm");
  const specs = parameterSpecs(model.config, model.adapters);
  const parameters = Object.fromEntries(
    specs.map(({ name, shape }) => [name, operations.constant(model.weights.get(name) ?? [], shape)]),
  );
  const loss = (own: Record<string, np.Array>): np.Array =>
    transformerLoss(operations, model, new Map(Object.entries(own)), batch);
  const [value, gradients] = valueAndGrad(loss)(parameters);
  return {
    loss: value.dataSync()[0] ?? Number.NaN,
    gradients: new Map(Object.entries(gradients).map(([name, gradient]) => [name, gradient.dataSync()])),
  };
}
