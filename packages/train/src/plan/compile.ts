import { scalarCount } from "../kernels/_internal/optimizer-scalars.ts";
import type { TransformerConfig } from "../model/config.ts";
import type { HookPoint } from "../model/hook-points.ts";
import type { LoraAdapter } from "../model/parameters.ts";
import { shifted } from "./_internal/builder.ts";
import { checkPlanOptions } from "./_internal/check-options.ts";
import { type Context, createContext, type PlannedIntervention } from "./_internal/context.ts";
import { attentionLayer } from "./layers/attention.ts";
import { embedding } from "./layers/embedding.ts";
import { mlpLayer } from "./layers/mlp.ts";
import { unembedding } from "./layers/unembedding.ts";
import { type ParameterLayout, parameterLayout } from "./parameter-layout.ts";
import { defaultShards } from "./shards.ts";
import { optimizerSegments, resolveTrainable, type TrainableLayout, type TrainableSpec } from "./trainable.ts";
import type { KernelCall, Phase, PhaseName, Plan } from "./types.ts";

/** What a plan is compiled for: everything that is fixed while it runs. */
export interface PlanOptions {
  readonly config: TransformerConfig;
  readonly adapters?: readonly LoraAdapter[];
  /** Sequences in a batch. */
  readonly batch: number;
  /** Positions per sequence, at most `nCtx`. */
  readonly length: number;
  /** Shards of the batch; a divisor of `batch`. */
  readonly shards?: number;
  /** What is trained; without it the plan has only the phase `forward`. */
  readonly trainable?: TrainableSpec;
  readonly capture?: readonly HookPoint[];
  readonly interventions?: readonly PlannedIntervention[];
  /** Keep the logits of the whole batch. */
  readonly keepLogits?: boolean;
  /** Compute the row losses. Implied by `trainable`. */
  readonly loss?: boolean;
}

/** A plan with the layouts that its flat buffers use. */
export interface CompiledPlan extends Plan {
  readonly parameters: ParameterLayout;
  readonly trainable: TrainableLayout | undefined;
}

/** Gradient of a shard: zeroed, accumulated by the layers, then the trained rows of partly trained parameters copied in. */
function emitGradient(context: Context, trainable: TrainableLayout, lossCalls: () => void): readonly KernelCall[] {
  const { builder, emit } = context;
  const gradient = builder.allocate("shardGradient", "shard", [trainable.gradientLength]);
  const partial = [...new Set(trainable.runs.filter(({ whole }) => !whole).map(({ parameter }) => parameter))];
  const count = (name: string): number => context.parameters.entries.get(name)?.count ?? 0;
  const backward = [
    ...context.emitBackward(() => {
      lossCalls();
      emit("fill", { buffer: gradient, value: 0, n: trainable.gradientLength });
      for (const name of partial) emit("fill", { buffer: context.gradient(name), value: 0, n: count(name) });
    }),
  ];
  for (const run of trainable.runs) {
    const full = run.whole ? 0 : context.gradient(run.parameter);
    if (full === 0) continue;
    const src = shifted(full, run.offset - (context.parameters.entries.get(run.parameter)?.offset ?? 0));
    backward.push(builder.call("copy", { src, dst: shifted(gradient, run.gradientOffset), n: run.count }));
  }
  return backward;
}

/** The shared calls of the phases `gradient` and `step`: reduce over shards, clip by the global norm, AdamW. */
function optimizerCalls(
  context: Context,
  trainable: TrainableLayout,
  shards: number,
): { readonly reduce: readonly KernelCall[]; readonly update: readonly KernelCall[] } {
  const { builder } = context;
  const n = trainable.gradientLength;
  const first = builder.allocate("shardGradient", "shard", [n]);
  const [gradient, m, v] = [
    builder.allocate("gradient", "shared", [n]),
    builder.allocate("m", "shared", [n]),
    builder.allocate("v", "shared", [n]),
  ];
  const scalars = builder.allocate("scalars", "shared", [scalarCount]);
  const sumsq = builder.allocate("sumOfSquares", "shared", [1]);
  const parameters = builder.allocate("parameters", "shared", []);
  // The region is complete here: the last allocation in the region `shard` was the gradient.
  const stride = builder.regionLengths().shard;
  return {
    reduce: [builder.call("reduce_shards", { first, stride, out: gradient, shards, n })],
    update: [
      builder.call("sum_of_squares", { x: gradient, out: sumsq, n }),
      builder.call("clip_scale", { sumsq, scalars }),
      ...optimizerSegments(trainable).map(({ offset, count, gradientOffset, decay }) =>
        builder.call("adamw", {
          param: shifted(parameters, offset),
          grad: shifted(gradient, gradientOffset),
          m: shifted(m, gradientOffset),
          v: shifted(v, gradientOffset),
          scalars,
          n: count,
          decay: decay ? 1 : 0,
        }),
      ),
    ],
  };
}

/**
 * Compiles a model for a fixed shape into a plan.
 *
 * Buffers: `parameters` (flat), `tokens` i32 [rows], with a loss also `targets` i32 [rows] (below 0: ignored), `weights` [rows] and `rowLoss` [rows]; `logits`
 * [rows, outputSize] with `keepLogits`; `capture.<hook>`; `intervention.<index>` [dModel]; with `trainable` also `gradient`, `m`, `v` and `scalars`. Phases:
 * `forward`, and with `trainable` also `gradient` and `step`. The loss that is differentiated is sum_r weights[r] rowLoss[r] over the whole batch.
 *
 * @throws ShapeError if the batch is empty or sequences are longer than `nCtx`
 * @throws InvalidArgumentError if shards do not divide the batch, or a hook point, position or trainable parameter does not exist
 * @throws UnsupportedError if an intervention is not on the residual stream
 * @example
 * ```ts
 * import { compilePlan, createReferenceEngine, createTransformer } from "@semifactor/train";
 *
 * const { config } = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const plan = compilePlan({ config, batch: 4, length: 3, trainable: "all" });
 * expect(Object.keys(plan.phases)).toEqual(["forward", "gradient", "step"]);
 *
 * // All weights 0: logits are 0, so every row loses ln 2.
 * const engine = createReferenceEngine();
 * engine.execute(plan, "forward");
 * expect(engine.download(plan, "rowLoss")[0]).toBeCloseTo(Math.LN2, 12);
 * ```
 */
export function compilePlan(options: PlanOptions, source = "compilePlan"): CompiledPlan {
  const { config, adapters = [], batch, length } = options;
  const shards = options.shards ?? defaultShards(batch);
  checkPlanOptions(options, shards, source);
  const parameters = parameterLayout(config, adapters);
  const trainable = options.trainable && resolveTrainable(parameters, options.trainable, source);
  const context = createContext({
    config,
    adapters,
    parameters,
    trainable,
    batch: batch / shards,
    length,
    capture: options.capture ?? [],
    interventions: options.interventions ?? [],
  });
  const { builder, rows } = context;
  const tokens = builder.allocate("tokens", "shard", [rows], "i32");
  const logits = builder.allocate("logits", options.keepLogits ? "shard" : "workspace", [rows, config.outputSize]);
  const dLogits = builder.allocate("gradient.logits", "workspace", [rows, config.outputSize]);
  const dResidual = builder.allocate("gradient.residual", "workspace", [rows, config.dModel]);

  let stream = embedding(context, tokens, dResidual);
  for (let i = 0; i < config.nLayers; i++) {
    stream = { ...stream, data: context.residual(`blocks.${i}.hook_resid_pre`, stream.data) };
    stream = attentionLayer(context, i, stream, dResidual);
    stream = { ...stream, data: context.residual(`blocks.${i}.hook_resid_mid`, stream.data) };
    stream = mlpLayer(context, i, stream, dResidual);
    stream = { ...stream, data: context.residual(`blocks.${i}.hook_resid_post`, stream.data) };
  }
  unembedding(context, stream, logits, dLogits, dResidual);

  const phases: Partial<Record<PhaseName, Phase>> = {};
  const model = [...context.forward];
  if (options.loss || trainable !== undefined) {
    const loss = {
      logits,
      targets: builder.allocate("targets", "shard", [rows], "i32"),
      weights: builder.allocate("weights", "shard", [rows]),
      rowLoss: builder.allocate("rowLoss", "shard", [rows]),
      rows,
      vocabulary: config.outputSize,
    };
    phases.forward = { perShard: [...model, builder.call("cross_entropy", { ...loss, dLogits: 0 })], shared: [] };
    if (trainable !== undefined) {
      const backward = emitGradient(context, trainable, () => context.emit("cross_entropy", { ...loss, dLogits }));
      const { reduce, update } = optimizerCalls(context, trainable, shards);
      const perShard = [...model, ...backward];
      phases.gradient = { perShard, shared: reduce };
      phases.step = { perShard, shared: [...reduce, ...update] };
    }
  } else {
    phases.forward = { perShard: model, shared: [] };
  }
  return { shards, regionLengths: builder.regionLengths(), buffers: builder.buffers, phases, parameters, trainable };
}
