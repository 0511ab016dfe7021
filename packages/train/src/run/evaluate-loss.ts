import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { createStaging } from "../data/_internal/staging.ts";
import type { Engine } from "../engines/engine.ts";
import type { Transformer } from "../model/transformer.ts";
import { packParameters } from "../plan/parameter-layout.ts";
import { chunks, rowCount } from "./_internal/chunks.ts";
import { cachedPlan } from "./_internal/plan-cache.ts";

/** Options of {@link evaluateLoss}. */
export interface EvaluateLossOptions {
  /** `[count, length + 1]`, row-major: inputs and, one further, targets. */
  readonly tokens: Int32Array;
  readonly length: number;
  /** `[count, length]`, aligned with the targets; everything counts by default. */
  readonly lossMask?: Uint8Array;
  readonly engine: Engine;
}

/** Result of {@link evaluateLoss}, in nats. */
export interface LossEvaluation {
  /** Mean over all counted targets. */
  readonly loss: number;
  /** `[length]`: mean over the counted targets at each position; NaN where the mask counts none. */
  readonly byPosition: Float64Array;
  /** `[length]` */
  readonly countByPosition: Int32Array;
  /** Number of counted targets. */
  readonly count: number;
}

/**
 * Mean cross-entropy of a model on sequences, in nats, in total and by position.
 *
 * @throws InvalidArgumentError if a token is out of range, a weight is not finite or the mask counts nothing
 * @throws ShapeError if `tokens` or `lossMask` are not whole sequences
 * @example
 * ```ts
 * import { createReferenceEngine, createTransformer, evaluateLoss } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 2, vocabularySize: 2 });
 * const { loss, byPosition } = await evaluateLoss(model, {
 *   tokens: Int32Array.of(0, 1, 0, 1, 1, 0),
 *   length: 2,
 *   engine: createReferenceEngine(),
 * });
 * expect(loss).toBeCloseTo(((byPosition[0] ?? 0) + (byPosition[1] ?? 0)) / 2, 12);
 * ```
 */
export async function evaluateLoss(model: Transformer, options: EvaluateLossOptions): Promise<LossEvaluation> {
  const source = "evaluateLoss";
  const { tokens, length, lossMask, engine } = options;
  const { config, adapters } = model;
  const sequences = rowCount(source, "tokens", tokens.length, length + 1);
  if (lossMask !== undefined && lossMask.length !== sequences * length) {
    throw new ShapeError({
      source,
      problem: `lossMask has ${lossMask.length} entries`,
      remedy: `Give [${sequences}, ${length}]: ${sequences * length} of them`,
    });
  }
  const { batch, chunks: parts } = chunks(sequences);
  const plan = cachedPlan(engine, { config, adapters, batch, length, loss: true }, source);
  engine.upload(plan, "parameters", packParameters(plan.parameters, model.weights, source));
  const staging = createStaging(source, config, { batch, length });
  const padded = { tokens: new Int32Array(batch * (length + 1)), lossMask: new Uint8Array(batch * length) };
  const rowLoss = new Float64Array(batch * length);
  const sums = new Float64Array(length);
  const countByPosition = new Int32Array(length);
  for (const { first, count } of parts) {
    const end = first + count;
    padded.tokens.fill(0).set(tokens.subarray(first * (length + 1), end * (length + 1)));
    padded.lossMask.fill(0);
    if (lossMask === undefined) padded.lossMask.fill(1, 0, count * length);
    else padded.lossMask.set(lossMask.subarray(first * length, end * length));
    staging.split(padded);
    engine.upload(plan, "tokens", staging.tokens);
    engine.upload(plan, "targets", staging.targets);
    engine.upload(plan, "weights", staging.weights);
    const pending = engine.execute(plan, "forward");
    if (pending !== undefined) await pending;
    engine.download(plan, "rowLoss", rowLoss);
    for (let r = 0; r < rowLoss.length; r++) {
      if ((staging.targets[r] ?? -1) < 0) continue;
      sums[r % length] = (sums[r % length] ?? 0) + (rowLoss[r] ?? Number.NaN);
      countByPosition[r % length] = (countByPosition[r % length] ?? 0) + 1;
    }
  }
  const count = countByPosition.reduce((total, one) => total + one, 0);
  if (count === 0) {
    throw new InvalidArgumentError({
      source,
      problem: "the loss mask leaves no target",
      remedy: "Give a mask with at least one 1",
    });
  }
  return {
    loss: sums.reduce((total, one) => total + one, 0) / count,
    byPosition: sums.map((sum, position) => sum / (countByPosition[position] ?? 0)),
    countByPosition,
    count,
  };
}
