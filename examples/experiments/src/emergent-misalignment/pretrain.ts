import { existsSync } from "node:fs";
import { foldIn, type Key } from "@semifactor/ghmm";
import type { PersonaSegments } from "@semifactor/sfp";
import { createTransformer, type Engine, train, type Transformer, type TrainState } from "@semifactor/train";
import { loadCheckpoint, saveCheckpoint } from "@semifactor/train/node";
import type { CellConfig } from "./config.ts";
import { type EvaluationSet, evaluationSet, excessLoss } from "./excess-loss.ts";
import type { PretrainResult } from "./results.ts";
import { segmentSource } from "./sources.ts";

/** The untrained network of a cell run: 2 layers, learned positions, head over emission tokens only. */
export function initialModel(process: PersonaSegments, config: CellConfig, key: Key): Transformer {
  return createTransformer({
    ...config.model,
    nCtx: process.length - 1,
    vocabularySize: process.vocabularySize,
    outputSize: process.outputSize,
    activation: "gelu",
    initKey: key,
  });
}
