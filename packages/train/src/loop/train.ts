import { checkGiven } from "../io/_internal/check-given.ts";
import { runLoop } from "./_internal/run-loop.ts";
import type { TrainOptions, TrainResult } from "./train-options.ts";

/**
 * Trains a model with AdamW or SGD, and can be stopped and resumed at any step.
 *
 * The loss is the mean cross-entropy, in nats, over the targets that the mask counts. Equal model, source, options and engine variant give bit-identical
 * weights, also when stopped and resumed at any step, with any number of threads, beside other replicas, and after a device was lost and restored.
 *
 * @throws NotConvergedError if the loss or the gradient is not finite; the step and the first tensor that is not finite are in the message, and no checkpoint
 * is written from it
 * @throws InvalidArgumentError, ShapeError if options, batches or the resumed state do not fit the model
 * @throws UnsupportedError if `sampleOnDevice` is true and the source has no sampler
 * @throws DeviceLostError if a device was lost more than `recoveries` times
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { createReferenceEngine, createTransformer, tokenArraySource, train } from "@semifactor/train";
 *
 * const tokens = Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1);
 * const source = tokenArraySource({ tokens, length: 3, vocabularySize: 2, batchSize: 2, key: createKey(0) });
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const { state } = await train({ model, source, engine: createReferenceEngine(), steps: 40, optimizer: { learningRate: 0.05 } });
 * expect(state.history.loss.at(-1)).toBeLessThan(0.1);
 * ```
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  checkGiven("train", { options });
  const [result] = await runLoop(options, [options], "train");
  if (result === undefined) throw new RangeError("train: no result");
  return result;
}
