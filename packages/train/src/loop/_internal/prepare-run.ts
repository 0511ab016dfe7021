import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import type { DeviceSampler } from "../../data/device-sampler.ts";
import type { HookPoint } from "../../model/hook-points.ts";
import { type CompiledPlan, compilePlan } from "../../plan/compile.ts";
import { parameterLayout } from "../../plan/parameter-layout.ts";
import type { TrainableSpec } from "../../plan/trainable.ts";
import { auxiliaryHooks } from "../auxiliary-loss.ts";
import { withDecay } from "../decay.ts";
import { completeOptimizer, type OptimizerOptions } from "../optimizer.ts";
import { checkState } from "../state.ts";
import type { LoopOptions, ReplicaOptions } from "../train-options.ts";
import { auxiliaryStep } from "./auxiliary-step.ts";
import { checkAlike, checkLoopOptions, checkParts, checkReplica } from "./check-options.ts";
import { commonSamplers, deviceFeed } from "./device-feed.ts";
import { hostFeed } from "./host-feed.ts";
import { createStepper, type Stepper } from "./stepper.ts";
import { type TrainingInterventions, trainingInterventions } from "./training-interventions.ts";

/** A run that is compiled and has not begun. */
export interface PreparedRun {
  readonly plan: CompiledPlan;
  readonly stepper: Stepper;
  /** What is trained, decay included. */
  readonly trainable: TrainableSpec;
  readonly interventions: TrainingInterventions;
  /** Hook points that auxiliary losses read. */
  readonly watched: readonly HookPoint[];
  /** Slots for metrics on the device; 0 where they are read back every step. */
  readonly slots: number;
  /** Steps done. */
  readonly first: number;
  /** Loss weights of the step that was run last, a micro-batch of all replicas each. */
  weights(): readonly Float64Array[];
}

/** What is trained: the same in every replica. */
function resolveDecay(
  replicas: readonly ReplicaOptions[],
  optimizers: readonly Required<OptimizerOptions>[],
  given: TrainableSpec | undefined,
  source: string,
): TrainableSpec {
  const specs = replicas.map(({ model: { config, adapters } }, r) => {
    const trainable = given ?? (adapters.length > 0 ? "adapters" : "all");
    const layout = parameterLayout(config, adapters);
    return withDecay(trainable, optimizers[r]?.decay ?? "matrices", { layout, adapters }, source);
  });
  const [spec = "all", ...others] = specs;
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(spec))) {
    throw new InvalidArgumentError({
      source,
      problem: "replicas have different decay groups",
      remedy: "Give all of them one decay; weightDecay may differ",
    });
  }
  return spec;
}

/** The samplers by which the device draws, undefined where the host does. */
function chooseSamplers(
  options: LoopOptions,
  replicas: readonly ReplicaOptions[],
  source: string,
): readonly DeviceSampler[] | undefined {
  const { sampleOnDevice = "auto", accumulate = 1, engine } = options;
  if (sampleOnDevice === false || (sampleOnDevice === "auto" && engine.device !== "webgpu")) return undefined;
  const samplers = accumulate === 1 ? commonSamplers(replicas) : undefined;
  if (samplers !== undefined || sampleOnDevice === "auto") return samplers;
  throw new UnsupportedError({
    source,
    problem:
      accumulate > 1
        ? "sampleOnDevice with accumulate"
        : "sampleOnDevice is true and a source has no sampler of its shape",
    remedy: 'Use sampleOnDevice: "auto", or hidden Markov models with equally many states and outcomes',
  });
}

/** Checks the options and compiles the run. */
export function prepareRun(options: LoopOptions, replicas: readonly ReplicaOptions[], name: string): PreparedRun {
  checkLoopOptions(options, name);
  for (const replica of replicas) checkParts(replica, options.accumulate ?? 1, name);
  const { model, source, resumeFrom } = checkAlike(replicas, name);
  for (const replica of replicas) checkReplica(replica, options.steps, name);
  const { engine, steps, shards, accumulate = 1, auxiliary = [] } = options;
  const watched = auxiliaryHooks(auxiliary, { replicas: replicas.length, accumulate }, name);
  const interventions = trainingInterventions(options, replicas, name);
  const optimizers = replicas.map(({ optimizer }) => completeOptimizer(optimizer, name));
  const trainable = resolveDecay(replicas, optimizers, options.trainable, name);
  const samplers = watched.length > 0 ? undefined : chooseSamplers(options, replicas, name);
  const every = options.metricsEvery ?? (engine.device === "webgpu" ? 16 : 1);
  const slots = accumulate > 1 || watched.length > 0 || (every === 1 && engine.device !== "webgpu") ? 0 : every;
  const [sampler] = samplers ?? [];
  const plan = compilePlan(
    {
      config: model.config,
      adapters: model.adapters,
      batch: source.batchSize,
      length: source.length,
      trainable,
      replicas: replicas.length,
      optimizer: optimizers[0]?.algorithm ?? "adamw",
      accumulate: accumulate > 1,
      ...(watched.length === 0 ? {} : { capture: watched, injectGradients: watched, separateBackward: true }),
      interventions: interventions.planned,
      ...(slots === 0 ? {} : { metricsSlots: slots }),
      ...(shards === undefined ? {} : { shards }),
      ...(sampler === undefined
        ? {}
        : { sampler: { states: sampler.states, outcomes: sampler.token.length, bos: sampler.bos } }),
    },
    name,
  );
  for (const { resumeFrom: state } of replicas) {
    if (state !== undefined) checkState(name, state, plan.trainable?.gradientLength ?? 0, optimizers[0]?.algorithm);
  }
  const feedOptions = { engine, plan, replicas, accumulate, name };
  const feed = samplers === undefined ? hostFeed(feedOptions) : deviceFeed(feedOptions, samplers);
  const stepper = createStepper({
    name,
    engine,
    plan,
    feed: {
      ...feed,
      start() {
        feed.start();
        interventions.upload(engine, plan);
      },
    },
    optimizers,
    steps,
    accumulate,
    slots,
    auxiliary: watched.length === 0 ? undefined : auxiliaryStep(auxiliary, engine, plan),
  });
  return {
    plan,
    stepper,
    trainable,
    interventions,
    watched,
    slots,
    first: resumeFrom?.step ?? 0,
    weights: () => Array.from({ length: accumulate }, (_, part) => feed.weights(part)),
  };
}
