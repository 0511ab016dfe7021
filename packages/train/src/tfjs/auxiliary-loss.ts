import { InvalidArgumentError, NotConvergedError, ShapeError } from "@semifactor/ghmm";
import type { AuxiliaryContext, AuxiliaryLoss } from "../loop/auxiliary-loss.ts";
import type { HookPoint } from "../model/hook-points.ts";
import { deviceTensor, sharesDevice, writeDeviceTensor } from "./shared-device.ts";
import type { Scalar, Tensor, TensorFlowModule } from "./tensorflow.ts";

/** Options of {@link auxiliaryLoss}. */
export interface AuxiliaryLossOptions<H extends HookPoint = HookPoint> {
  /** The module TensorFlow.js, with a backend that is ready. */
  readonly tf: TensorFlowModule;
  /** Hook points whose activations the loss reads. */
  readonly at: H | readonly H[];
  /** The loss, of the activations in the order of `at`, each `[batch, ...]` as `run` gives it; differentiated by TensorFlow.js. */
  readonly loss: (...activations: Tensor[]) => Scalar;
  /** Factor of the loss in the objective, 1 by default. */
  readonly weight?: number;
}

/** What a loss gave, where that is one number: TensorFlow.js differentiates the sum of a larger tensor without a word. */
function asScalar(value: Scalar): Scalar {
  const shape: unknown = value?.shape;
  if (Array.isArray(shape) && value.size === 1) return value;
  throw new ShapeError({
    source: "auxiliaryLoss",
    problem: Array.isArray(shape)
      ? `the loss is a tensor of shape [${shape.join(", ")}]`
      : `the loss is ${value instanceof Promise ? "a promise" : String(value)}`,
    remedy: "Return a tensor with one element, e.g. of tf.mean",
  });
}

/** Value and gradients of the loss; what else TensorFlow.js allocated is freed. */
function differentiate(
  { tf, loss, weight = 1 }: AuxiliaryLossOptions,
  tensors: readonly Tensor[],
): { readonly value: Tensor; readonly grads: readonly Tensor[] } {
  return tf.tidy(() => {
    const weighted = (...activations: Tensor[]): Scalar => tf.mul(asScalar(loss(...activations)), weight);
    const { value, grads } = tf.valueAndGrads(weighted)([...tensors]);
    // A tidy returns containers whose tensors it keeps.
    return { value: value as Tensor, grads };
  });
}

async function onHost(
  options: AuxiliaryLossOptions,
  at: readonly HookPoint[],
  context: AuxiliaryContext,
): Promise<number> {
  const { tf } = options;
  const tensors: Tensor[] = [];
  for (const hook of at) {
    tensors.push(tf.tensor(Float32Array.from(await context.read(hook)), [...context.shape(hook)], "float32"));
  }
  try {
    const { value, grads } = differentiate(options, tensors);
    const [scalar = Number.NaN] = await value.data();
    for (const [i, hook] of at.entries()) context.write(hook, (await grads[i]?.data()) ?? []);
    tf.dispose([value, ...grads]);
    return scalar;
  } finally {
    tf.dispose(tensors);
  }
}

async function onDevice(
  options: AuxiliaryLossOptions,
  at: readonly HookPoint[],
  context: AuxiliaryContext,
): Promise<number> {
  const { tf } = options;
  const { engine, plan } = context;
  if (!sharesDevice(tf, engine)) return onHost(options, at, context);
  const inputs = at.map((hook) => deviceTensor(tf, engine, plan, `capture.${hook}`, context.shape(hook)));
  const tensors = inputs.map(({ tensor }) => tensor);
  try {
    const { value, grads } = differentiate(options, tensors);
    for (const [i, hook] of at.entries()) {
      const gradient = grads[i];
      if (gradient !== undefined) writeDeviceTensor(engine, plan, `inject.${hook}`, gradient);
    }
    const [scalar = Number.NaN] = await value.data();
    tf.dispose([value, ...grads]);
    return scalar;
  } finally {
    tf.dispose(tensors);
    for (const { buffer } of inputs) buffer.destroy();
  }
}

/**
 * A loss on activations, written in TensorFlow.js and differentiated by it, whose gradient enters the backward pass of `train` at its hook points.
 *
 * The objective is cross-entropy + weight loss. Where the current backend of TensorFlow.js is on the engine's own device (`shareDevice`), activations and gradients
 * do not leave it; elsewhere they go through the host, in float32.
 *
 * @throws InvalidArgumentError if no hook point is named or the weight is not finite
 * @throws NotConvergedError (from `train`) where the loss is not finite
 * @throws ShapeError (from `train`) where the loss is not a tensor with one element
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
 * import { createKey } from "@semifactor/ghmm";
 * import { createReferenceEngine, createTransformer, tokenArraySource, train } from "@semifactor/train";
 * import { auxiliaryLoss } from "@semifactor/train/tfjs";
 *
 * await tf.setBackend("cpu");
 * const tokens = Int32Array.of(0, 1, 1, 0, 1, 0);
 * const source = tokenArraySource({ tokens, length: 2, vocabularySize: 2, batchSize: 2, key: createKey(0) });
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 2, vocabularySize: 2 });
 * const small = auxiliaryLoss({ tf, at: "blocks.0.hook_resid_post", loss: (x) => tf.mean(tf.square(x)), weight: 0.1 });
 * const options = { model, source, engine: createReferenceEngine(), steps: 3, optimizer: { learningRate: 0.01 } };
 * const { state } = await train({ ...options, auxiliary: [small] });
 * expect(state.weights).not.toEqual((await train(options)).state.weights);
 * ```
 */
export function auxiliaryLoss<const H extends HookPoint>(options: AuxiliaryLossOptions<H>): AuxiliaryLoss {
  const { weight = 1 } = options;
  const at: readonly HookPoint[] = typeof options.at === "string" ? [options.at] : options.at;
  if (at.length === 0 || !Number.isFinite(weight)) {
    throw new InvalidArgumentError({
      source: "auxiliaryLoss",
      problem: at.length === 0 ? "no hook point" : `weight is ${weight}`,
      remedy: at.length === 0 ? "Name one in at" : "Give a finite number",
    });
  }
  return {
    at,
    async evaluate(context) {
      const value = await onDevice({ ...options, at }, at, context);
      if (Number.isFinite(value)) return value;
      throw new NotConvergedError({
        source: "auxiliaryLoss",
        problem: `at step ${context.step + 1} the loss at ${at.join(", ")} is ${value}`,
        remedy: "Look for a division by zero or a logarithm of zero in the loss",
      });
    },
  };
}
