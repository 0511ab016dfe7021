import { createKey, foldIn, type Key } from "@semifactor/ghmm";
import type { ProgressState } from "../run/progress.ts";
import type { CellConfig } from "./config.ts";

/** What a cell's worker thread is given. */
export interface CellJob {
  readonly config: CellConfig;
  readonly folder: string;
}

/** What a cell run reports to and is stopped by. */
export interface CellHooks {
  readonly stopRequested: () => boolean;
  readonly onProgress: (progress: ProgressState) => void;
}

/** Thrown inside a worker when the study was asked to stop; the cell's state is on disk. */
export class CellInterrupted extends Error {
  override readonly name = "CellInterrupted";
}

/** One random key per purpose. */
export interface CellKeys {
  readonly weights: Key;
  readonly pretraining: Key;
  readonly curve: Key;
  readonly final: Key;
  readonly probes: Key;
  readonly prompts: Key;
  readonly folds: Key;
  readonly directions: Key;
  readonly fineTuning: Key;
}

/** Root of every draw of the study; the recipe was settled on other draws than these. */
const studyKey = 20261121;

/** The keys of a cell run, folded from its seed alone: cells of equal seed see equal draws. */
export function cellKeys(seed: number): CellKeys {
  const root = foldIn(createKey(studyKey), seed);
  return {
    weights: foldIn(root, 0),
    pretraining: foldIn(root, 1),
    curve: foldIn(root, 2),
    final: foldIn(root, 3),
    probes: foldIn(root, 4),
    prompts: foldIn(root, 5),
    folds: foldIn(root, 6),
    directions: foldIn(root, 7),
    fineTuning: foldIn(root, 8),
  };
}
