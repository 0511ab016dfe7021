import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkTokens } from "../data/_internal/staging.ts";
import type { Engine } from "../engines/engine.ts";
import { type HookPoint, hookShape, type ResidualHookPoint } from "../model/hook-points.ts";
import { elementCount } from "../model/parameters.ts";
import type { Transformer, WeightArray } from "../model/transformer.ts";
import { packParameters } from "../plan/parameter-layout.ts";
import { chunks, rowCount } from "./_internal/chunks.ts";
import { cachedPlan } from "./_internal/plan-cache.ts";

/** A vector added to the residual stream: stream += scale vector. */
export interface Intervention {
  readonly hook: ResidualHookPoint;
  /** `[dModel]` */
  readonly vector: ArrayLike<number>;
  /** 1 by default. */
  readonly scale?: number;
  /** `all` by default. */
  readonly positions?: "all" | readonly number[];
}

/** Options of {@link run}. */
export interface RunOptions<H extends HookPoint = HookPoint> {
  /** `[count, length]`, row-major. */
  readonly tokens: ArrayLike<number>;
  readonly length: number;
  readonly engine: Engine;
  readonly capture?: readonly H[];
  /** Applied in the given order where several share a hook point. */
  readonly interventions?: readonly Intervention[];
}

/** A captured activation. */
export interface CapturedActivation {
  /** Row-major. */
  readonly values: WeightArray;
  /** `[count, length, dModel]` in the residual stream; `[count, length, dMlp]`, `[count, length, nHeads, dHead]` or `[count, nHeads, length, length]` elsewhere. */
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
 * An activation at a hook point where an intervention acts is captured after it. Capturing does not change the logits.
 *
 * @throws InvalidArgumentError if a hook point does not exist, a token is out of range, or a vector or a weight is not finite
 * @throws ShapeError if `tokens` is not whole sequences, they are longer than `nCtx`, or a vector is not `[dModel]`
 * @throws UnsupportedError if an intervention is not on the residual stream
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
 *   interventions: [{ hook: "blocks.0.hook_resid_pre", vector: [1, 0, 0, 0], scale: 2 }],
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
  const { tokens, length, engine, interventions = [] } = options;
  const capture = [...new Set(options.capture ?? [])];
  const { config, adapters } = model;
  const count = rowCount(source, "tokens", tokens.length, length);
  checkTokens(source, tokens, config.vocabularySize);
  const { batch, chunks: parts } = chunks(count);
  const planned = interventions.map(({ hook, scale = 1, positions = "all" }) => ({ hook, scale, positions }));
  const plan = cachedPlan(
    engine,
    { config, adapters, batch, length, keepLogits: true, capture, interventions: planned },
    source,
  );
  engine.upload(plan, "parameters", packParameters(plan.parameters, model.weights, source));
  for (const [index, { hook, vector }] of interventions.entries()) {
    if (vector.length !== config.dModel) {
      throw new ShapeError({
        source,
        problem: `the vector at "${hook}" has ${vector.length} elements`,
        remedy: `Give dModel = ${config.dModel}`,
      });
    }
    if (!Array.from(vector).every(Number.isFinite)) {
      throw new InvalidArgumentError({
        source,
        problem: `the vector at "${hook}" is not finite`,
        remedy: "Give finite numbers",
      });
    }
    engine.upload(plan, `intervention.${index}`, vector);
  }

  const outputs = [
    { buffer: "logits", size: length * config.outputSize },
    ...capture.map((hook) => ({ buffer: `capture.${hook}`, size: elementCount(hookShape(config, hook, length)) })),
  ].map(({ buffer, size }) => {
    const chunk = engine.download(plan, buffer);
    const make = chunk instanceof Float32Array ? Float32Array : Float64Array;
    return { buffer, size, chunk, values: new make(count * size) };
  });
  const staged = new Int32Array(batch * length);
  for (const { first, count: rows } of parts) {
    for (let i = 0; i < staged.length; i++) staged[i] = i < rows * length ? (tokens[first * length + i] ?? 0) : 0;
    engine.upload(plan, "tokens", staged);
    const pending = engine.execute(plan, "forward");
    if (pending !== undefined) await pending;
    for (const { buffer, size, chunk, values } of outputs) {
      values.set(engine.download(plan, buffer, chunk).subarray(0, rows * size), first * size);
    }
  }
  const [logits, ...activations] = outputs;
  return {
    logits: logits?.values ?? new Float32Array(0),
    // fromEntries forgets its keys; they are exactly the hook points of `capture`.
    captured: Object.fromEntries(
      capture.map((hook, index): [H, CapturedActivation] => [
        hook,
        {
          values: activations[index]?.values ?? new Float32Array(0),
          shape: [count, ...hookShape(config, hook, length)],
        },
      ]),
    ) as Record<H, CapturedActivation>,
  };
}
