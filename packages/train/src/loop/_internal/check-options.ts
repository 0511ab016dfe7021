import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkGiven } from "../../io/_internal/check-given.ts";
import { checkEvaluate } from "../early-stopping.ts";
import { checkOptimalLoss } from "../metrics.ts";
import type { LoopOptions, ReplicaOptions } from "../train-options.ts";

/** Most steps whose metrics are kept on the device, and most tokens that the micro-batches of a step have together. */
const [mostSlots, mostTokens] = [2 ** 20, 2 ** 28];

function count(source: string, name: string, value: number, least: number, most?: number): void {
  if (Number.isInteger(value) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: most === undefined ? `Give an integer of at least ${least}` : `Give an integer from ${least} to ${most}`,
  });
}

function checkCallbacks({ checkpoint, onStep, signal }: LoopOptions, source: string): void {
  if (checkpoint !== undefined) checkGiven(source, { checkpoint });
  const callbacks = { onStep, ...(checkpoint && { "checkpoint.save": checkpoint.save }) };
  for (const [name, callback] of Object.entries(callbacks)) {
    if (callback !== undefined || name !== "onStep") checkGiven(source, { [name]: callback }, "function");
  }
  if (signal === undefined || typeof signal.aborted === "boolean") return;
  throw new InvalidArgumentError({ source, problem: "signal is no AbortSignal", remedy: "Give controller.signal" });
}

/** Checks what all replicas of a run share. */
export function checkLoopOptions(options: LoopOptions, source: string): void {
  const { steps, checkpoint, accumulate = 1, metricsEvery = 1, recoveries = 3, sampleOnDevice = "auto" } = options;
  checkGiven(source, { engine: options.engine });
  checkCallbacks(options, source);
  if (options.auxiliary !== undefined) checkList(source, "auxiliary", options.auxiliary);
  if (options.interventions !== undefined) checkList(source, "interventions", options.interventions);
  if (typeof options.trainable !== "string" && options.trainable !== undefined) {
    checkList(source, "trainable", options.trainable);
  }
  count(source, "steps", steps, 0);
  if (checkpoint !== undefined) count(source, "checkpoint.every", checkpoint.every, 1);
  count(source, "accumulate", accumulate, 1);
  count(source, "metricsEvery", metricsEvery, 1, mostSlots);
  count(source, "recoveries", recoveries, 0);
  checkEvaluate(options.evaluate, source);
  if (sampleOnDevice !== "auto" && typeof sampleOnDevice !== "boolean") {
    throw new InvalidArgumentError({
      source,
      problem: `sampleOnDevice is ${JSON.stringify(sampleOnDevice)}`,
      remedy: 'Use "auto", true or false',
    });
  }
}

/** Throws unless a replica has all its parts, and its batches a shape. */
export function checkParts(
  { model, source: data, optimizer }: ReplicaOptions,
  accumulate: number,
  source: string,
): void {
  checkGiven(source, { model, source: data, optimizer });
  checkGiven(source, { "source.batch": data.batch }, "function");
  count(source, "source.batchSize", data.batchSize, 1);
  count(source, "source.length", data.length, 1);
  count(source, "source.vocabularySize", data.vocabularySize, 1);
  const most = Math.floor(mostTokens / (data.batchSize * data.length));
  if (accumulate > 1) count(source, "accumulate", accumulate, 1, Math.max(1, most));
}

/** Checks one replica of a run of `steps` steps. */
export function checkReplica(
  { model, source: data, resumeFrom, optimalLoss }: ReplicaOptions,
  steps: number,
  source: string,
): void {
  if (data.vocabularySize > model.config.vocabularySize) {
    throw new ShapeError({
      source,
      problem: `the source has ${data.vocabularySize} tokens, the model ${model.config.vocabularySize}`,
      remedy: "Create the model with the vocabulary of the source",
    });
  }
  checkOptimalLoss(optimalLoss, data.length, source);
  if (resumeFrom === undefined) return;
  count(source, "resumeFrom.step", resumeFrom.step, 0);
  if (resumeFrom.step > steps) {
    throw new InvalidArgumentError({
      source,
      problem: `resumeFrom is at step ${resumeFrom.step} of ${steps}`,
      remedy: "Give as many steps in total as the run had, or more",
    });
  }
}

/** Throws unless the replicas can run as one: same configuration, adapters, shape of batches, algorithm and number of steps done. Returns the first. */
export function checkAlike(replicas: readonly ReplicaOptions[], source: string): ReplicaOptions {
  const [first] = replicas;
  if (first === undefined) {
    throw new InvalidArgumentError({ source, problem: "replicas is empty", remedy: "Give at least one replica" });
  }
  const aspects: readonly (readonly [string, (replica: ReplicaOptions) => unknown])[] = [
    ["configuration", ({ model }) => ({ ...model.config, initKey: null, initScale: null })],
    ["adapters", ({ model }) => model.adapters],
    ["batch size", ({ source: { batchSize } }) => batchSize],
    ["length", ({ source: { length } }) => length],
    ["algorithm", ({ optimizer }) => optimizer.algorithm ?? "adamw"],
    ["number of steps done", ({ resumeFrom }) => resumeFrom?.step ?? 0],
  ];
  for (const [aspect, of] of aspects) {
    const expected = JSON.stringify(of(first));
    const index = replicas.findIndex((replica) => JSON.stringify(of(replica)) !== expected);
    const other = replicas[index];
    if (other === undefined) continue;
    throw new ShapeError({
      source,
      problem: `replica ${index} has the ${aspect} ${JSON.stringify(of(other))}, replica 0 ${expected}`,
      remedy: "Train models of one shape together, others on their own",
    });
  }
  return first;
}
