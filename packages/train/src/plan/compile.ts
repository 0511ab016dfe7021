import type { HookPoint } from "../model/hook-points.ts";
import { checkConfiguration, checkPlanOptions } from "./_internal/check-options.ts";
import { type Activation, createContext } from "./_internal/context.ts";
import { emitGradient } from "./_internal/gradient.ts";
import { emitObjective } from "./_internal/objective.ts";
import { optimizerCalls } from "./_internal/optimizer.ts";
import { emitSampler } from "./_internal/sampler.ts";
import { attentionLayer } from "./layers/attention.ts";
import { embedding } from "./layers/embedding.ts";
import { mlpLayer } from "./layers/mlp.ts";
import { unembedding } from "./layers/unembedding.ts";
import { type ParameterLayout, parameterLayout } from "./parameter-layout.ts";
import type { PlanOptions } from "./plan-options.ts";
import { defaultShards } from "./shards.ts";
import { resolveTrainable, type TrainableLayout } from "./trainable.ts";
import type { Phase, PhaseName, Plan } from "./types.ts";

export type { PlanOptions } from "./plan-options.ts";

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
  checkConfiguration(source, options);
  const { config, adapters = [], batch, length, replicas = 1, captureGradients = [] } = options;
  const shards = options.shards ?? (options.separateBackward ? 1 : defaultShards(batch, length));
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
