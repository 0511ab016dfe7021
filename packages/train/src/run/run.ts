import { checkInteger } from "@semifactor/ghmm/internal";
import { checkTokens } from "../data/_internal/staging.ts";
import type { Engine } from "../engines/engine.ts";
import { type HookPoint, hookShape, isPattern } from "../model/hook-points.ts";
import type { Intervention } from "../model/interventions.ts";
import type { Transformer, WeightArray } from "../model/transformer.ts";
import { packParameters } from "../plan/parameter-layout.ts";
import { checkArguments } from "./_internal/check-arguments.ts";
import { chunks, rowCount } from "./_internal/chunks.ts";
import { collect } from "./_internal/collect.ts";
import { withPlan } from "./_internal/plan-cache.ts";
import { planInterventions } from "./_internal/plan-interventions.ts";

/** Options of {@link run}. */
export interface RunOptions<H extends HookPoint = HookPoint> {
  /** `[count, length]`, row-major. */
  readonly tokens: ArrayLike<number>;
  readonly length: number;
  readonly engine: Engine;
  readonly capture?: readonly H[];
  /** Positions that are captured, at least one, in this order; all by default. */
  readonly capturePositions?: readonly number[];
  /** Applied in the given order where several share a hook point. */
  readonly interventions?: readonly Intervention[];
}

/** A captured activation. */
export interface CapturedActivation {
  /** Row-major. */
  readonly values: WeightArray;
  /**
   * `[count, length, dModel]` in the residual stream; `[count, length, dMlp]`, `[count, length, heads, dHead]`, `[count, length, rank]` or
   * `[count, nHeads, length, length]` elsewhere; with `capturePositions` their number stands in the place of the (query) position.
   */
  readonly shape: readonly number[];
}

/** Result of {@link run}. */
export interface RunResult<H extends HookPoint = HookPoint> {
  /** `[count, length, outputSize]` */
  readonly logits: WeightArray;
  /** By hook point: an entry for each that was captured. */
  readonly captured: Readonly<Record<H, CapturedActivation>>;
}

/**
 * Runs a model on sequences and returns its logits, with activations and interventions by hook point.
 *
 * Runs that are started at once on one engine come one after another.
 *
 * An activation at a hook point where an intervention acts is captured after it. Capturing does not change the logits; an intervention of strength 0 (or a scaling by 1)
 * changes no bit.
 *
 * @throws InvalidArgumentError if a hook point, position, row, head or coordinate does not exist, a token is out of range, or a number or a weight is not finite
 * @throws ShapeError if `tokens` is not whole sequences, they are longer than `nCtx`, or a vector does not fit the activation
 * @example
 * ```ts
 * import { createReferenceEngine, createTransformer, run } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const { logits, captured } = await run(model, {
 *   tokens: [0, 1, 1],
 *   length: 3,
 *   engine: createReferenceEngine(),
 *   capture: ["blocks.0.hook_resid_post"],
 *   interventions: [
 *     { hook: "blocks.0.hook_resid_pre", vector: [1, 0, 0, 0], scale: 2 },
 *     { kind: "clamp", hook: "blocks.0.mlp.hook_post", coordinate: 3, value: 0, positions: [2] },
 *   ],
 * });
 * expect(logits.length).toBe(3 * 2);
 * expect(captured["blocks.0.hook_resid_post"].shape).toEqual([1, 3, 4]);
 * ```
 */
export async function run<const H extends HookPoint = never>(
  model: Transformer,
  options: RunOptions<H>,
): Promise<RunResult<H>> {
  const source = "run";
  checkArguments(source, model, options, ["tokens"], ["capture", "capturePositions", "interventions"]);
  const { tokens, length, engine, capturePositions } = options;
  const capture = [...new Set(options.capture ?? [])];
  const { config, adapters } = model;
  checkInteger(source, "length", length, 1, 2 ** 31 - 1);
  const count = rowCount(source, "tokens", tokens.length, length);
  checkTokens(source, tokens, config.vocabularySize);
  const { batch, chunks: parts } = chunks(count);
  const interventions = planInterventions(source, model, options.interventions ?? [], { count, length });
  const compiled = {
    config,
    adapters,
    batch,
    length,
    keepLogits: true,
    capture,
    ...(capturePositions === undefined ? {} : { capturePositions }),
    interventions: interventions.planned,
  };
  return withPlan(engine, compiled, source, async (plan) => {
    engine.upload(plan, "parameters", packParameters(plan.parameters, model.weights, source));
    interventions.uploadValues(engine, plan);

    const outputs = ["logits", ...capture.map((hook) => `capture.${hook}`)].map((buffer) =>
      collect(engine, plan, buffer, batch, count),
    );
    const staged = new Int32Array(batch * length);
    for (const { first, count: rows } of parts) {
      for (let i = 0; i < staged.length; i++) staged[i] = i < rows * length ? (tokens[first * length + i] ?? 0) : 0;
      engine.upload(plan, "tokens", staged);
      interventions.uploadChunk(engine, plan, { first, rows, batch });
      const pending = engine.execute(plan, "forward");
      if (pending !== undefined) await pending;
      for (const output of outputs) await output.read(first, rows);
    }
    const [logits, ...activations] = outputs.map(({ values }) => values);
    const shape = (hook: HookPoint): readonly number[] => {
      const whole = hookShape(config, adapters, hook, length);
      if (capturePositions === undefined) return [count, ...whole];
      const axis = isPattern(hook) ? 1 : 0;
      return [count, ...whole.map((size, i) => (i === axis ? capturePositions.length : size))];
    };
    return {
      logits: logits?.() ?? new Float32Array(0),
      // fromEntries forgets its keys; they are exactly the hook points of `capture`.
      captured: Object.fromEntries(
        capture.map((hook, index): [H, CapturedActivation] => {
          const values = activations[index]?.() ?? new Float32Array(0);
          return [hook, { values, shape: shape(hook) }];
        }),
      ) as Record<H, CapturedActivation>,
    };
  });
}
