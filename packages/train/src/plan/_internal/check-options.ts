import { InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { checkInteger } from "@semifactor/ghmm/internal";
import { checkHookPoint } from "../../model/hook-points.ts";
import type { PlanOptions } from "../plan-options.ts";
import { interventionModes } from "./intervention-modes.ts";

function checkPositions(source: string, positions: readonly number[], length: number): void {
  for (const position of positions) {
    if (Number.isInteger(position) && position >= 0 && position < length) continue;
    throw new InvalidArgumentError({
      source,
      problem: `position ${position} of sequences of length ${length}`,
      remedy: `Give integers from 0 to ${length - 1}`,
    });
  }
}

function checkCombinations(source: string, options: PlanOptions, shards: number): void {
  const refuse = (problem: string, remedy: string): never => {
    throw new UnsupportedError({ source, problem, remedy });
  };
  const { trainable, accumulate, separateBackward, metricsSlots = 0, sampler, captureGradients = [] } = options;
  const { replicas = 1, injectGradients = [] } = options;
  if (separateBackward && shards * replicas !== 1) {
    const copies = shards === 1 ? `${replicas} replicas` : `${shards} shards`;
    refuse(`a separate backward pass with ${copies}`, "Use one shard of one replica: activations are kept for one");
  }
  if (trainable === undefined && (accumulate || metricsSlots > 0)) {
    refuse("accumulated gradients or metrics of a plan that trains nothing", "Give trainable");
  }
  if (
    trainable === undefined &&
    captureGradients.length === 0 &&
    (separateBackward || options.objective === "logits" || injectGradients.length > 0)
  ) {
    refuse("a backward pass of a plan that differentiates nothing", "Give trainable or captureGradients");
  }
  if (options.objective === "logits" && (metricsSlots > 0 || options.loss === true)) {
    refuse("a loss or metrics of an objective that is not the cross-entropy", "Compute them from the logits");
  }
  if (accumulate && metricsSlots > 0) refuse("metrics of accumulated steps on the device", "Read the losses yourself");
  if (sampler !== undefined && trainable === undefined) {
    refuse("a sampler in a plan that trains nothing", "Sample with sampleSequences");
  }
}

/** Most positions of a batch: kernels count in 32-bit integers. */
const mostRows = 2 ** 31 - 1;

function checkChoice(source: string, name: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return;
  const remedy = `Use ${choices.map((choice) => `"${choice}"`).join(" or ")}`;
  throw new InvalidArgumentError({ source, problem: `${name} is ${JSON.stringify(value)}`, remedy });
}

/** Throws unless options are an object with a configuration. */
export function checkConfiguration(source: string, options: PlanOptions): void {
  const given: unknown = options;
  const config: unknown = typeof given === "object" && given !== null && "config" in given ? given.config : undefined;
  if (typeof config === "object" && config !== null && "nCtx" in config) return;
  throw new InvalidArgumentError({
    source,
    problem: typeof given === "object" ? `config is ${JSON.stringify(config)}` : `options is ${JSON.stringify(given)}`,
    remedy: "Give the config of a model, a batch and a length",
  });
}

/** Throws unless a plan can be compiled for these options. */
export function checkPlanOptions(options: PlanOptions, shards: number, source: string): void {
  const { config, adapters = [], batch, length, replicas = 1 } = options;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new ShapeError({ source, problem: `the batch has ${batch} sequences`, remedy: "Give at least one" });
  }
  if (!Number.isInteger(replicas) || replicas < 1) {
    throw new InvalidArgumentError({ source, problem: `replicas is ${replicas}`, remedy: "Give a positive integer" });
  }
  if (!Number.isInteger(length) || length < 1 || length > config.nCtx) {
    throw new ShapeError({
      source,
      problem: `sequences of length ${length} for a model with nCtx ${config.nCtx}`,
      remedy: `Give sequences of length 1 to ${config.nCtx}`,
    });
  }
  if (batch * length > mostRows) {
    throw new ShapeError({
      source,
      problem: `a batch of ${batch} sequences of length ${length}`,
      remedy: `Give at most ${mostRows} positions in all`,
    });
  }
  checkChoice(source, "optimizer", options.optimizer, ["adamw", "sgd"]);
  checkChoice(source, "objective", options.objective, ["cross-entropy", "logits"]);
  if (options.metricsSlots !== undefined) checkInteger(source, "metricsSlots", options.metricsSlots, 0, mostRows);
  if (!Number.isInteger(shards) || shards < 1 || batch % shards !== 0) {
    throw new InvalidArgumentError({
      source,
      problem: `${shards} shards for a batch of ${batch}`,
      remedy: "Choose a divisor of the batch size",
    });
  }
  for (const hooks of [options.capture, options.captureGradients, options.injectGradients]) {
    for (const hook of hooks ?? []) checkHookPoint(source, config, adapters, hook);
  }
  for (const { hook, kind } of options.interventions ?? []) {
    checkHookPoint(source, config, adapters, hook);
    if (interventionModes.includes(kind)) continue;
    throw new InvalidArgumentError({
      source,
      problem: `an intervention of the kind ${JSON.stringify(kind)}`,
      remedy: `Use one of: ${interventionModes.join(", ")}`,
    });
  }
  const { capture = [], capturePositions } = options;
  if (capture.length > 0 && capturePositions?.length === 0) {
    throw new InvalidArgumentError({
      source,
      problem: "capturePositions is empty",
      remedy: "Name at least one position",
    });
  }
  checkPositions(source, capturePositions ?? [], length);
  checkCombinations(source, options, shards);
}
