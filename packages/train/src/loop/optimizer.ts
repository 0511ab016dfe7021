import { InvalidArgumentError } from "@semifactor/ghmm";
import { scalarCount, scalarIndex } from "../kernels/_internal/optimizer-scalars.ts";
import type { DecaySpec } from "./decay.ts";
import { learningRateAt, type ScheduleOptions } from "./schedule.ts";

/**
 * AdamW with decoupled weight decay (Loshchilov & Hutter 2019), or stochastic gradient descent with momentum as PyTorch has it, each with clipping by the
 * global gradient norm.
 *
 * With g the clipped gradient and d the weight decay (0 outside the decayed group), AdamW does p -= lr d p; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
 * p -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon), and SGD does m = momentum m + g + d p; p -= lr m.
 */
export interface OptimizerOptions extends ScheduleOptions {
  /** `adamw` by default. */
  readonly algorithm?: "adamw" | "sgd";
  /** Of AdamW, 0.9 by default. */
  readonly beta1?: number;
  /** Of AdamW, 0.999 by default. */
  readonly beta2?: number;
  /** Of AdamW, 1e-8 by default. */
  readonly epsilon?: number;
  /** Of SGD, 0 by default. */
  readonly momentum?: number;
  /** 0.01 by default for AdamW, 0 for SGD. */
  readonly weightDecay?: number;
  /** What weight decay applies to; `matrices` (weights and embeddings, no biases, gains or single rows) by default. */
  readonly decay?: DecaySpec;
  /** Largest global gradient norm, 1 by default; 0 switches clipping off. */
  readonly clip?: number;
}

const schedules: readonly unknown[] = ["cosine", "linear", "constant"];
const decays: readonly unknown[] = ["matrices", "all", "none"];

function choose(source: string, name: string, value: unknown, remedy: string): never {
  throw new InvalidArgumentError({ source, problem: `${name} is ${JSON.stringify(value)}`, remedy });
}

/** Throws where an option of the other algorithm is given: it would be ignored. */
function checkFamily(options: OptimizerOptions, source: string): void {
  const { algorithm = "adamw" } = options;
  if (algorithm !== "adamw" && algorithm !== "sgd") choose(source, "algorithm", algorithm, 'Use "adamw" or "sgd"');
  for (const name of algorithm === "sgd" ? (["beta1", "beta2", "epsilon"] as const) : (["momentum"] as const)) {
    if (options[name] === undefined) continue;
    const remedy = algorithm === "sgd" ? "It belongs to AdamW; SGD has momentum" : "It belongs to SGD; AdamW has beta1";
    choose(source, name, options[name], remedy);
  }
}

/** Completes and checks the options. */
export function completeOptimizer(options: OptimizerOptions, source: string): Required<OptimizerOptions> {
  checkFamily(options, source);
  const algorithm = options.algorithm ?? "adamw";
  const complete: Required<OptimizerOptions> = {
    algorithm,
    learningRate: options.learningRate,
    warmup: options.warmup ?? 0,
    schedule: options.schedule ?? "constant",
    finalFraction: options.finalFraction ?? 0,
    beta1: options.beta1 ?? 0.9,
    beta2: options.beta2 ?? 0.999,
    epsilon: options.epsilon ?? 1e-8,
    momentum: options.momentum ?? 0,
    weightDecay: options.weightDecay ?? (algorithm === "sgd" ? 0 : 0.01),
    decay: options.decay ?? "matrices",
    clip: options.clip ?? 1,
  };
  const require = (name: keyof OptimizerOptions, ok: (value: number) => boolean, remedy: string): void => {
    const value = complete[name];
    if (typeof value === "number" && Number.isFinite(value) && ok(value)) return;
    throw new InvalidArgumentError({ source, problem: `${name} is ${String(value)}`, remedy });
  };
  require("learningRate", (value) => value >= 0, "Give a number of at least 0");
  require("warmup", (value) => Number.isInteger(value) && value >= 0, "Give an integer of at least 0");
  require("finalFraction", (value) => value >= 0 && value <= 1, "Give a number from 0 to 1");
  require("beta1", (value) => value >= 0 && value < 1, "Give a number from 0 to below 1");
  require("beta2", (value) => value >= 0 && value < 1, "Give a number from 0 to below 1");
  require("epsilon", (value) => value > 0, "Give a positive number");
  require("momentum", (value) => value >= 0 && value < 1, "Give a number from 0 to below 1");
  require("weightDecay", (value) => value >= 0, "Give a number of at least 0");
  require("clip", (value) => value >= 0, "Give a number of at least 0");
  const { schedule, decay } = complete;
  if (!schedules.includes(schedule)) choose(source, "schedule", schedule, 'Use "cosine", "linear" or "constant"');
  if (typeof decay !== "function" && !decays.includes(decay)) {
    choose(source, "decay", decay, 'Use "matrices", "all", "none" or a function of the parameter\'s name');
  }
  return complete;
}

/** Writes the `scalars` of step `step` (from 0) into `out`; returns the learning rate. */
export function writeScalars(
  out: Float64Array,
  step: number,
  steps: number,
  options: Required<OptimizerOptions>,
): number {
  const learningRate = learningRateAt(step, steps, options);
  out[scalarIndex.learningRate] = learningRate;
  out[scalarIndex.beta1] = options.algorithm === "sgd" ? options.momentum : options.beta1;
  out[scalarIndex.beta2] = options.beta2;
  out[scalarIndex.epsilon] = options.epsilon;
  out[scalarIndex.weightDecay] = options.weightDecay;
  out[scalarIndex.bias1] = 1 - options.beta1 ** (step + 1);
  out[scalarIndex.bias2] = 1 - options.beta2 ** (step + 1);
  out[scalarIndex.clip] = options.clip;
  return learningRate;
}

/** A new `scalars` array for so many replicas. */
export function createScalars(replicas = 1): Float64Array {
  return new Float64Array(replicas * scalarCount);
}
