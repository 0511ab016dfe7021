import { InvalidArgumentError } from "@semifactor/ghmm";
import { scalarCount, scalarIndex } from "../kernels/_internal/optimizer-scalars.ts";
import { learningRateAt, type ScheduleOptions } from "./schedule.ts";

/** AdamW with decoupled weight decay (Loshchilov & Hutter 2019) and clipping by the global gradient norm. */
export interface OptimizerOptions extends ScheduleOptions {
  /** 0.9 by default. */
  readonly beta1?: number;
  /** 0.999 by default. */
  readonly beta2?: number;
  /** 1e-8 by default. */
  readonly epsilon?: number;
  /** 0.01 by default; applied to weight matrices and embeddings only, unless `trainable` says otherwise. */
  readonly weightDecay?: number;
  /** Largest global gradient norm, 1 by default; 0 switches clipping off. */
  readonly clip?: number;
}

/** Completes and checks the options. */
export function completeOptimizer(options: OptimizerOptions, source: string): Required<OptimizerOptions> {
  const complete: Required<OptimizerOptions> = {
    learningRate: options.learningRate,
    warmup: options.warmup ?? 0,
    schedule: options.schedule ?? "constant",
    finalFraction: options.finalFraction ?? 0,
    beta1: options.beta1 ?? 0.9,
    beta2: options.beta2 ?? 0.999,
    epsilon: options.epsilon ?? 1e-8,
    weightDecay: options.weightDecay ?? 0.01,
    clip: options.clip ?? 1,
  };
  const require = (name: keyof OptimizerOptions, ok: (value: number) => boolean, remedy: string): void => {
    const value = complete[name];
    if (typeof value === "number" && Number.isFinite(value) && ok(value)) return;
    throw new InvalidArgumentError({ source, problem: `${name} is ${value}`, remedy });
  };
  require("learningRate", (value) => value >= 0, "Give a number of at least 0");
  require("warmup", (value) => Number.isInteger(value) && value >= 0, "Give an integer of at least 0");
  require("finalFraction", (value) => value >= 0 && value <= 1, "Give a number from 0 to 1");
  require("beta1", (value) => value >= 0 && value < 1, "Give a number from 0 to below 1");
  require("beta2", (value) => value >= 0 && value < 1, "Give a number from 0 to below 1");
  require("epsilon", (value) => value > 0, "Give a positive number");
  require("weightDecay", (value) => value >= 0, "Give a number of at least 0");
  require("clip", (value) => value >= 0, "Give a number of at least 0");
  if (complete.schedule !== "cosine" && complete.schedule !== "constant") {
    throw new InvalidArgumentError({
      source,
      problem: `schedule is ${JSON.stringify(complete.schedule)}`,
      remedy: 'Use "cosine" or "constant"',
    });
  }
  return complete;
}

/** Writes the `scalars` buffer of step `step` (from 0) into `out`; returns the learning rate. */
export function writeScalars(
  out: Float64Array,
  step: number,
  steps: number,
  options: Required<OptimizerOptions>,
): number {
  const learningRate = learningRateAt(step, steps, options);
  out[scalarIndex.learningRate] = learningRate;
  out[scalarIndex.beta1] = options.beta1;
  out[scalarIndex.beta2] = options.beta2;
  out[scalarIndex.epsilon] = options.epsilon;
  out[scalarIndex.weightDecay] = options.weightDecay;
  out[scalarIndex.bias1] = 1 - options.beta1 ** (step + 1);
  out[scalarIndex.bias2] = 1 - options.beta2 ** (step + 1);
  out[scalarIndex.clip] = options.clip;
  return learningRate;
}

/** A new `scalars` array. */
export function createScalars(): Float64Array {
  return new Float64Array(scalarCount);
}
