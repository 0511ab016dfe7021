import { createKey } from "@semifactor/ghmm";
import { tokenArraySource } from "../../data/token-array-source.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { randomModel } from "../../model/_testing/random-model.ts";
import type { TrainOptions } from "../train-options.ts";

/** Inputs per sequence of {@link tinySource}. */
export const tinyLength = 3;

/** A model of width 4 with an adapter, every parameter random. */
export const tinyModel = randomModel({ outputSize: 5 }, ["blocks.0.mlp.W_out"]);

/** Ten sequences over five tokens in batches of eight, the middle target masked. */
export const tinySource = tokenArraySource({
  tokens: Int32Array.from({ length: 40 }, (_, i) => (i * i + (i >> 1)) % 5),
  length: tinyLength,
  vocabularySize: 5,
  batchSize: 8,
  key: createKey(3),
  lossMask: Uint8Array.of(1, 0, 1),
});

/** Seven steps of warm-up and cosine over four shards, on the reference engine. */
export const tinyRun: TrainOptions = {
  model: tinyModel,
  source: tinySource,
  engine: createReferenceEngine(),
  steps: 7,
  optimizer: { learningRate: 0.01, warmup: 3, schedule: "cosine", finalFraction: 0.1 },
  trainable: "all",
  shards: 4,
};
