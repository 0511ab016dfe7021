import type { TransformerConfig } from "../model/config.ts";
import type { HookPoint } from "../model/hook-points.ts";
import type { LoraAdapter } from "../model/lora-adapter.ts";
import { checkPlanOptions } from "./_internal/check-options.ts";
import { type Activation, createContext } from "./_internal/context.ts";
import { emitGradient } from "./_internal/gradient.ts";
import type { PlannedIntervention } from "./_internal/hooks.ts";
import { emitObjective } from "./_internal/objective.ts";
import { optimizerCalls } from "./_internal/optimizer.ts";
import { emitSampler, type SamplerShape } from "./_internal/sampler.ts";
import { attentionLayer } from "./layers/attention.ts";
import { embedding } from "./layers/embedding.ts";
import { mlpLayer } from "./layers/mlp.ts";
import { unembedding } from "./layers/unembedding.ts";
import { type ParameterLayout, parameterLayout } from "./parameter-layout.ts";
import { defaultShards } from "./shards.ts";
import { resolveTrainable, type TrainableLayout, type TrainableSpec } from "./trainable.ts";
import type { Phase, PhaseName, Plan } from "./types.ts";

/** What a plan is compiled for: everything that is fixed while it runs. */
export interface PlanOptions {
  readonly config: TransformerConfig;
  readonly adapters?: readonly LoraAdapter[];
  /** Sequences in a batch of one replica. */
  readonly batch: number;
  /** Positions per sequence, at most `nCtx`. */
  readonly length: number;
  /** Models of this shape that run at once, 1 by default. */
  readonly replicas?: number;
  /** Shards of the batch; a divisor of `batch`. */
  readonly shards?: number;
  /** What is trained; without it the plan has no optimizer. */
  readonly trainable?: TrainableSpec;
  /** `adamw` by default. */
  readonly optimizer?: "adamw" | "sgd";
  /** Adds the phase `accumulate`; `update` then sets the gradient to 0. */
  readonly accumulate?: boolean;
  /** Adds the phase `backward`, which goes on from the activations of `forward`; needs one shard. */
  readonly separateBackward?: boolean;
  /** Draws batches on the device from a hidden Markov model. */
  readonly sampler?: SamplerShape;
  /** Keeps loss and gradient norm of so many steps in the buffer `metrics` [slots, 2], in the slot that `scalars` names. */
  readonly metricsSlots?: number;
  readonly capture?: readonly HookPoint[];
  /** Positions that are captured, all by default. */
  readonly capturePositions?: readonly number[];
  /** Hook points whose gradients are kept, in `gradient.at.<hook>`. */
  readonly captureGradients?: readonly HookPoint[];
  /** Hook points where `inject.<hook>` is added to the gradient. */
  readonly injectGradients?: readonly HookPoint[];
  readonly interventions?: readonly PlannedIntervention[];
  /** Keep the logits of the whole batch. */
  readonly keepLogits?: boolean;
  /** Compute the row losses. Implied by `trainable`. */
  readonly loss?: boolean;
  /** What is differentiated: the weighted cross-entropy (default), or sum(logits logitGradient) with the buffer `logitGradient` [rows, outputSize]. */
  readonly objective?: "cross-entropy" | "logits";
}

/** A plan with the layouts that its flat buffers use. */
export interface CompiledPlan extends Plan {
  readonly parameters: ParameterLayout;
  readonly trainable: TrainableLayout | undefined;
}

/**
 * Compiles a model for a fixed shape into a plan.
 *
 * Buffers: `parameters` (flat), `tokens` i32 [rows], with a loss also `targets` i32 [rows] (below 0: ignored), `weights` [rows] and `rowLoss` [rows]; `logits`
 * [rows, outputSize] with `keepLogits`; `capture.<hook>`; `intervention.<index>.strength` [rows] and `.values`; with `trainable` also `gradient`, `m`, `v` and
 * `scalars`. Phases: `forward`; with `trainable` also `gradient`, `step`, `update`; with `captureGradients` at least `gradient`. The loss that is differentiated
 * is sum_r weights[r] rowLoss[r] over the whole batch.
 *
 * @throws ShapeError if the batch is empty or sequences are longer than `nCtx`
 * @throws InvalidArgumentError if shards do not divide the batch, or a hook point, position or trainable parameter does not exist
 * @throws UnsupportedError if options exclude each other
 * @example
 * ```ts
 * import { compilePlan, createReferenceEngine, createTransformer } from "@semifactor/train";
 *
 * const { config } = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const plan = compilePlan({ config, batch: 4, length: 3, trainable: "all" });
 * expect(Object.keys(plan.phases)).toEqual(["forward", "gradient", "step", "update"]);
 *
 * // All weights 0: logits are 0, so every row loses ln 2.
 * const engine = createReferenceEngine();
 * engine.execute(plan, "forward");
 * expect(engine.download(plan, "rowLoss")[0]).toBeCloseTo(Math.LN2, 12);
 * ```
 */
export function compilePlan(options: PlanOptions, source = "compilePlan"): CompiledPlan {
  const { config, adapters = [], batch, length, replicas = 1, captureGradients = [] } = options;
  const shards = options.shards ?? (options.separateBackward ? 1 : defaultShards(batch));
  checkPlanOptions(options, shards, source);
  const parameters = parameterLayout(config, adapters);
  const trainable = options.trainable && resolveTrainable(parameters, options.trainable, source, adapters);
  const context = createContext({
    config,
    adapters,
    parameters,
    trainable,
    batch: batch / shards,
    length,
    capture: options.capture ?? [],
    capturePositions: options.capturePositions,
    captureGradients,
    injectGradients: options.injectGradients ?? [],
    interventions: options.interventions ?? [],
  });
  const { builder, rows } = context;
  const tokens = builder.allocate("tokens", "shard", [rows], "i32");
  const logits = builder.allocate("logits", options.keepLogits ? "shard" : "workspace", [rows, config.outputSize]);
  const dLogits = builder.allocate("gradient.logits", "workspace", [rows, config.outputSize]);
  const dResidual = builder.allocate("gradient.residual", "workspace", [rows, config.dModel]);

  let stream = embedding(context, tokens, dResidual);
  const residual = (hook: HookPoint, input: Activation): Activation => {
    const output = context.hook(hook, input);
    context.onBackward(() => output.needsGradient && context.backwardHook(hook, dResidual));
    return output;
  };
  for (let i = 0; i < config.nLayers; i++) {
    stream = residual(`blocks.${i}.hook_resid_pre`, stream);
    stream = attentionLayer(context, i, stream, dResidual);
    if (!config.attentionOnly) {
      stream = residual(`blocks.${i}.hook_resid_mid`, stream);
      stream = mlpLayer(context, i, stream, dResidual);
    }
    stream = residual(`blocks.${i}.hook_resid_post`, stream);
  }
  unembedding(context, stream, logits, dLogits, dResidual);

  const phases: Partial<Record<PhaseName, Phase>> = {};
  const differentiated = trainable !== undefined || captureGradients.length > 0;
  const sample = options.sampler && emitSampler(context, options.sampler, { tokens, batch, rows });
  const objective = emitObjective(context, {
    ...options,
    logits,
    dLogits,
    loss: options.loss === true || differentiated,
  });
  const forward = [...context.forward];
  phases.forward = { perShard: [...forward, ...objective.forward], shared: [] };
  if (sample !== undefined) phases.sample = { perShard: sample, shared: [] };
  if (differentiated) {
    const backward = emitGradient(context, () => objective.emitGradient());
    const perShard = [...(sample ?? []), ...forward, ...backward];
    const optimizer = trainable && optimizerCalls(context, trainable, shards, options);
    phases.gradient = { perShard, shared: optimizer?.reduce ?? [] };
    if (options.separateBackward) phases.backward = { perShard: backward, shared: optimizer?.reduce ?? [] };
    if (optimizer !== undefined) {
      phases.step = { perShard, shared: [...optimizer.reduce, ...optimizer.update, ...optimizer.record] };
      if (options.accumulate) phases.accumulate = { perShard, shared: optimizer.accumulate };
      phases.update = { perShard: [], shared: [...optimizer.update, ...optimizer.clear] };
    }
  }
  return {
    replicas,
    shards,
    regionLengths: builder.regionLengths(),
    buffers: builder.buffers,
    constants: context.constants,
    phases,
    parameters,
    trainable,
  };
}
