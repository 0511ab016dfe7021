import { InvalidArgumentError } from "@semifactor/ghmm";
import type { Engine } from "../engines/engine.ts";
import type { Transformer } from "../model/transformer.ts";
import { rowLosses } from "./_internal/row-losses.ts";

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
  const { length, lossMask } = options;
  const losses = await rowLosses(source, model, { ...options, lossMask });
  const sums = new Float64Array(length);
  const countByPosition = new Int32Array(length);
  for (const [r, loss] of losses.entries()) {
    if (lossMask !== undefined && lossMask[r] === 0) continue;
    sums[r % length] = (sums[r % length] ?? 0) + loss;
    countByPosition[r % length] = (countByPosition[r % length] ?? 0) + 1;
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
