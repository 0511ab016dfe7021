import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkEvaluate } from "../early-stopping.ts";
import { checkOptimalLoss } from "../metrics.ts";
import type { LoopOptions, ReplicaOptions } from "../train-options.ts";

function count(source: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: `Give an integer of at least ${least}`,
  });
}

/** Checks what all replicas of a run share. */
export function checkLoopOptions(options: LoopOptions, source: string): void {
  const { steps, checkpoint, accumulate = 1, metricsEvery = 1, recoveries = 3, sampleOnDevice = "auto" } = options;
  count(source, "steps", steps, 0);
  if (checkpoint !== undefined) count(source, "checkpoint.every", checkpoint.every, 1);
  count(source, "accumulate", accumulate, 1);
  count(source, "metricsEvery", metricsEvery, 1);
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
