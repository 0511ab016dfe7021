import { createKey, mess3 } from "@semifactor/ghmm";
import { processSource } from "../../data/process-source.ts";
import { createTransformer } from "../../model/transformer.ts";
import type { ReplicaOptions } from "../train-options.ts";

/** A small model on Mess3, behind a BOS token, by seed; its source comes with a sampler. */
export function mess3Replica(seed: number, learningRate = 0.01): ReplicaOptions {
  const process = mess3({ x: 0.15, a: 0.6 - 0.01 * seed });
  return {
    source: processSource({ process, length: 4, batchSize: 8, key: createKey(seed), bos: true }),
    model: createTransformer({
      nLayers: 1,
      dModel: 8,
      nHeads: 2,
      nCtx: 4,
      vocabularySize: 4,
      outputSize: 3,
      initKey: createKey(100 + seed),
    }),
    optimizer: { learningRate },
  };
}
