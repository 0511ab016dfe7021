import { checkList } from "@semifactor/ghmm/internal";
import { checkGiven } from "../io/_internal/check-given.ts";
import { runLoop } from "./_internal/run-loop.ts";
import type { TrainReplicasOptions, TrainResult } from "./train-options.ts";

/**
 * Trains several models of one shape at once, seeds by conditions: each ends with the bits that `train` alone gives on the same engine.
 *
 * Weights, sources, learning rates and schedules may differ between replicas; configuration, adapters, shape of batches and algorithm may not. A small model
 * leaves a GPU idle, and many of them fill it. A replica whose evaluation runs out of patience keeps the state that it had then, while the others go on.
 *
 * @returns One result per replica, in their order.
 * @throws ShapeError if the replicas cannot run as one; the replica and what differs are in the message
 * @throws NotConvergedError if the loss of a replica is not finite; and what `train` throws
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
 * import { createReferenceEngine, createTransformer, tokenArraySource, train, trainReplicas } from "@semifactor/train";
 *
 * const tokens = Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1);
 * const replicas = [1, 2].map((seed) => ({
 *   source: tokenArraySource({ tokens, length: 3, vocabularySize: 2, batchSize: 2, key: createKey(seed) }),
 *   model: createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2, initKey: createKey(seed) }),
 *   optimizer: { learningRate: 0.05 },
 * }));
 * const shared = { engine: createReferenceEngine(), steps: 5 };
 * const together = await trainReplicas({ ...shared, replicas });
 * const [first] = replicas;
 * if (first !== undefined) expect(together[0]?.state).toEqual((await train({ ...shared, ...first })).state);
 * ```
 */
export async function trainReplicas(options: TrainReplicasOptions): Promise<readonly TrainResult[]> {
  checkGiven("trainReplicas", { options });
  checkList("trainReplicas", "replicas", options.replicas);
  return runLoop(options, options.replicas, "trainReplicas");
}
