import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { ShapeError } from "@semifactor/ghmm";
import { checkInteger } from "@semifactor/ghmm/internal";
import { checkGiven } from "../io/_internal/check-given.ts";
import { prepareRun } from "../loop/_internal/prepare-run.ts";
import { train } from "../loop/train.ts";
import type { TrainOptions, TrainResult } from "../loop/train-options.ts";
import type { TrainableSpec } from "../plan/trainable.ts";
import { jsonlMetrics } from "./metrics-file.ts";
import { openRunFolder } from "./run-folder.ts";
import { stableJson } from "./stable-json.ts";

/** Options of {@link trainInFolder}: those of `train`, whose `checkpoint` and `resumeFrom` are the folder's business. */
export interface TrainInFolderOptions extends Omit<TrainOptions, "checkpoint" | "resumeFrom"> {
  /** Path of the folder. */
  readonly folder: string;
  /** Steps between checkpoints. */
  readonly checkpointEvery: number;
  /** What else makes the run what it is, as JSON: seeds, the process, the data. It must be the same when the run goes on. */
  readonly config?: unknown;
}

/** A text of fixed length that stands for a value which may be large; undefined where there is none. */
function digest(values: readonly unknown[] | undefined): string | undefined {
  if (values === undefined || values.length === 0) return undefined;
  return createHash("sha256").update(stableJson(values)).digest("hex");
}

/** What a run is, as far as its options say so. A constant learning rate does not depend on the number of steps, so such a run may go on for more of them. */
function configOf(options: TrainInFolderOptions, resolved: TrainableSpec): unknown {
  const { model, source, optimizer, steps, trainable, shards, accumulate, interventions, auxiliary, config } = options;
  const { batchSize, length, vocabularySize } = source;
  const constant = optimizer.schedule === undefined || optimizer.schedule === "constant";
  return {
    format: 1,
    model: model.config,
    adapters: model.adapters,
    source: { batchSize, length, vocabularySize },
    training: {
      optimizer,
      trainable,
      // A function is no JSON: what it says of every parameter is.
      ...(typeof optimizer.decay === "function" ? { decayed: resolved } : {}),
      shards,
      accumulate,
      interventions: digest(interventions),
      auxiliary: auxiliary?.map(({ at }) => at),
      ...(constant ? {} : { steps }),
    },
    config,
  };
}

/** Makes what was written to a file survive a power cut. */
async function flush(path: string): Promise<void> {
  const file = await open(path, "r+").catch(() => undefined);
  await file?.sync().finally(() => file.close());
}

/**
 * Trains in a folder: from its checkpoint if there is one, from the model otherwise. A run that was stopped, killed or cut off goes on when the same call is
 * made again, and ends with the bits that it would have had; a run that is done is read from the folder.
 *
 * The folder gets `config.json` (what the run is), `metrics.jsonl` (a line per step) and `checkpoint.safetensors` (the last state), and belongs to one
 * process at a time. Give `model` as the run began, not as it stands.
 *
 * @throws RunFolderBusyError if another process has the folder; InvalidArgumentError if it belongs to a run of another configuration
 * @throws CorruptFileError if a file of the folder is damaged; StorageError if one cannot be written, e.g. because the disk is full: the last checkpoint stays
 * @throws ShapeError if the checkpoint is of another model; and what `train` throws
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { createKey } from "@semifactor/ghmm";
 * import { createReferenceEngine, createTransformer, tokenArraySource } from "@semifactor/train";
 * import { readMetrics, trainInFolder } from "@semifactor/train/node";
 *
 * const folder = join(await mkdtemp(join(tmpdir(), "semifactor-")), "run");
 * const tokens = Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1);
 * const source = tokenArraySource({ tokens, length: 3, vocabularySize: 2, batchSize: 2, key: createKey(0) });
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const run = { folder, model, source, engine: createReferenceEngine(), optimizer: { learningRate: 0.05 }, checkpointEvery: 2 };
 * const first = await trainInFolder({ ...run, steps: 4 });
 * const again = await trainInFolder({ ...run, steps: 4 });
 * expect(again.state).toEqual(first.state);
 * expect(readMetrics(join(folder, "metrics.jsonl"))).toHaveLength(4);
 * ```
 */
export async function trainInFolder(options: TrainInFolderOptions): Promise<TrainResult> {
  const source = "trainInFolder";
  checkGiven(source, { options });
  const { folder: path, checkpointEvery, config: _, ...rest } = options;
  checkGiven(source, { folder: path }, "string");
  checkInteger(source, "checkpointEvery", checkpointEvery, 1, Number.MAX_SAFE_INTEGER);
  // Before the folder says what the run is: options that are wrong leave nothing behind.
  const { trainable } = prepareRun(rest, [rest], source);
  const folder = await openRunFolder(path, { config: configOf(options, trainable) });
  let failed = true;
  try {
    const saved = await folder.loadCheckpoint();
    const { model } = options;
    if (saved !== undefined && stableJson(saved.model.adapters) !== stableJson(model.adapters)) {
      throw new ShapeError({
        source,
        problem: `${folder.checkpointPath} is of a model with other adapters`,
        remedy: "Give the model that the run began with, or choose another folder",
      });
    }
    const write = jsonlMetrics(folder.metricsPath);
    const result = await train({
      ...rest,
      ...(saved?.state === undefined ? {} : { resumeFrom: saved.state }),
      async onStep(metrics, replica) {
        write(metrics, replica);
        await options.onStep?.(metrics, replica);
      },
      checkpoint: {
        every: checkpointEvery,
        async save(state) {
          await flush(folder.metricsPath);
          await folder.saveCheckpoint({ model, state });
        },
      },
    });
    failed = false;
    return result;
  } finally {
    try {
      folder.close();
    } catch (error) {
      // What stopped the run is the error to report.
      // biome-ignore lint/correctness/noUnsafeFinally: an error that is thrown already is not replaced
      if (!failed) throw error;
    }
  }
}
