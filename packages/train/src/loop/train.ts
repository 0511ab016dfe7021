import { InvalidArgumentError, NotConvergedError, ShapeError } from "@semifactor/ghmm";
import { createStaging } from "../data/_internal/staging.ts";
import type { BatchSource } from "../data/batch-source.ts";
import type { Engine } from "../engines/engine.ts";
import { scalarIndex } from "../kernels/_internal/optimizer-scalars.ts";
import type { Transformer } from "../model/transformer.ts";
import { compilePlan } from "../plan/compile.ts";
import { packParameters } from "../plan/parameter-layout.ts";
import type { TrainableSpec } from "../plan/trainable.ts";
import { completeOptimizer, createScalars, type OptimizerOptions, writeScalars } from "./optimizer.ts";
import { checkState, readState, type TrainState } from "./state.ts";

/** What `onStep` is told. */
export interface StepMetrics {
  /** Steps done, from 1. */
  readonly step: number;
  /** Mean loss over the counted targets of the batch, before the update, in nats. */
  readonly loss: number;
  readonly learningRate: number;
  /** Global norm of the gradient, before clipping. */
  readonly gradientNorm: number;
}

/** Options of {@link train}. */
export interface TrainOptions {
  readonly model: Transformer;
  readonly source: BatchSource;
  readonly engine: Engine;
  /** Steps in total, those before `resumeFrom` included. */
  readonly steps: number;
  readonly optimizer: OptimizerOptions;
  /** `adapters` by default where the model has some, else `all`. */
  readonly trainable?: TrainableSpec;
  /** Shards of a batch, a divisor of the batch size; chosen by batch size by default. It changes the order of summation, hence the last bits. */
  readonly shards?: number;
  readonly onStep?: (metrics: StepMetrics) => void | Promise<void>;
  /** Called every `every` steps, after the last step and when the signal aborts, with a state that `resumeFrom` takes. */
  readonly checkpoint?: { readonly every: number; readonly save: (state: TrainState) => void | Promise<void> };
  /** Stops after the current step. */
  readonly signal?: AbortSignal;
  /** State to go on from; the weights in it replace the model's. */
  readonly resumeFrom?: TrainState;
}

/** Result of {@link train}. */
export interface TrainResult {
  readonly model: Transformer;
  readonly state: TrainState;
  /** Whether all steps were done; false where the signal stopped them. */
  readonly completed: boolean;
  /** The engine that ran, e.g. `wasm-relaxed-simd`. */
  readonly variant: string;
}

/** How long the loop may hold the thread before it lets timers, signals and messages in, in milliseconds. */
const holdTime = 50;

function check(options: TrainOptions, source: string): void {
  const { model, steps, checkpoint, resumeFrom } = options;
  const count = (name: string, value: number, least: number): void => {
    if (Number.isInteger(value) && value >= least) return;
    throw new InvalidArgumentError({
      source,
      problem: `${name} is ${value}`,
      remedy: `Give an integer of at least ${least}`,
    });
  };
  count("steps", steps, 0);
  if (checkpoint !== undefined) count("checkpoint.every", checkpoint.every, 1);
  if (options.source.vocabularySize > model.config.vocabularySize) {
    throw new ShapeError({
      source,
      problem: `the source has ${options.source.vocabularySize} tokens, the model ${model.config.vocabularySize}`,
      remedy: "Create the model with the vocabulary of the source",
    });
  }
  if (resumeFrom !== undefined) {
    count("resumeFrom.step", resumeFrom.step, 0);
    if (resumeFrom.step > steps) {
      throw new InvalidArgumentError({
        source,
        problem: `resumeFrom is at step ${resumeFrom.step} of ${steps}`,
        remedy: "Give as many steps in total as the run had, or more",
      });
    }
  }
}

/**
 * Trains a model with AdamW, and can be stopped and resumed at any step.
 *
 * The loss is the mean cross-entropy, in nats, over the targets that the mask counts. Equal model, source, options and engine variant give bit-identical weights,
 * also when stopped and resumed at any step and with any number of threads.
 *
 * @throws NotConvergedError if the loss or the gradient is not finite; the step is in the message and no checkpoint is written from it
 * @throws InvalidArgumentError, ShapeError if options, batches or the resumed state do not fit the model
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { createReferenceEngine, createTransformer, tokenArraySource, train } from "@semifactor/train";
 *
 * const tokens = Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1);
 * const source = tokenArraySource({ tokens, length: 3, vocabularySize: 2, batchSize: 2, key: createKey(0) });
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const { state } = await train({ model, source, engine: createReferenceEngine(), steps: 40, optimizer: { learningRate: 0.05 } });
 * expect(state.history.loss.at(-1)).toBeLessThan(0.1);
 * ```
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const name = "train";
  check(options, name);
  const { source, engine, steps, checkpoint, onStep, signal, resumeFrom } = options;
  const { config, adapters } = options.model;
  const optimizer = completeOptimizer(options.optimizer, name);
  const { batchSize: batch, length } = source;
  const plan = compilePlan(
    {
      config,
      adapters,
      batch,
      length,
      trainable: options.trainable ?? (adapters.length > 0 ? "adapters" : "all"),
      ...(options.shards === undefined ? {} : { shards: options.shards }),
    },
    name,
  );
  if (resumeFrom !== undefined) checkState(name, resumeFrom, plan.trainable?.gradientLength ?? 0);
  const first = resumeFrom?.step ?? 0;
  const loss = new Float64Array(steps);
  const gradientNorm = new Float64Array(steps);
  try {
    engine.upload(
      plan,
      "parameters",
      packParameters(plan.parameters, resumeFrom?.weights ?? options.model.weights, name),
    );
    if (resumeFrom !== undefined) {
      engine.upload(plan, "m", resumeFrom.optimizer.m);
      engine.upload(plan, "v", resumeFrom.optimizer.v);
      loss.set(resumeFrom.history.loss);
      gradientNorm.set(resumeFrom.history.gradientNorm);
    }
    const staging = createStaging(name, config, { batch, length });
    const scalars = createScalars();
    const rowLoss = new Float64Array(batch * length);
    const state = (step: number): TrainState => readState(engine, plan, { step, loss, gradientNorm });
    let released = performance.now();
    let step = first;
    let saved = -1;
    for (; step < steps && signal?.aborted !== true; step++) {
      if (staging.split(source.batch(step)) === 0) {
        throw new InvalidArgumentError({
          source: name,
          problem: `the loss mask of batch ${step} leaves no target`,
          remedy: "Give a mask with at least one 1",
        });
      }
      const learningRate = writeScalars(scalars, step, steps, optimizer);
      engine.upload(plan, "tokens", staging.tokens);
      engine.upload(plan, "targets", staging.targets);
      engine.upload(plan, "weights", staging.weights);
      engine.upload(plan, "scalars", scalars);
      const pending = engine.execute(plan, "step");
      if (pending !== undefined) await pending;
      engine.download(plan, "rowLoss", rowLoss);
      engine.download(plan, "scalars", scalars);

      let mean = 0;
      for (let r = 0; r < rowLoss.length; r++) mean += (staging.weights[r] ?? 0) * (rowLoss[r] ?? Number.NaN);
      const norm = scalars[scalarIndex.gradientNorm] ?? Number.NaN;
      if (!Number.isFinite(mean) || !Number.isFinite(norm)) {
        throw new NotConvergedError({
          source: name,
          problem: `at step ${step + 1} the loss is ${mean} and the gradient norm ${norm}, with learning rate ${learningRate}`,
          remedy: "Lower the learning rate or lengthen the warm-up; the last checkpoint is untouched",
        });
      }
      loss[step] = mean;
      gradientNorm[step] = norm;
      const told = onStep?.({ step: step + 1, loss: mean, learningRate, gradientNorm: norm });
      if (told !== undefined) await told;
      if (checkpoint !== undefined && (step + 1) % checkpoint.every === 0) {
        await checkpoint.save(state(step + 1));
        saved = step + 1;
      }
      if (performance.now() - released > holdTime) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        released = performance.now();
      }
    }
    const last = state(step);
    if (checkpoint !== undefined && saved !== step && step > first) await checkpoint.save(last);
    return {
      model: { config, adapters, weights: last.weights },
      state: last,
      completed: step === steps,
      variant: engine.variant,
    };
  } finally {
    engine.release(plan);
  }
}
