import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkInteger } from "@semifactor/ghmm/internal";
import { checkTokens } from "../data/_internal/staging.ts";
import type { Engine } from "../engines/engine.ts";
import type { Transformer } from "../model/transformer.ts";
import { checkArguments } from "./_internal/check-arguments.ts";
import { rowLosses } from "./_internal/row-losses.ts";

/** Options of {@link evaluateLoss}. */
export interface EvaluateLossOptions {
  /** `[count, length + 1]`, row-major: inputs and, one further, targets. */
  readonly tokens: ArrayLike<number>;
  readonly length: number;
  /** `[count, length]`, aligned with the targets: 0 where one does not count; everything counts by default. */
  readonly lossMask?: ArrayLike<number>;
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

/** Tokens as integers. Whether they are tokens of the model is checked where it is known which of them count. */
function wholeTokens(source: string, tokens: ArrayLike<number>): Int32Array {
  if (tokens instanceof Int32Array) return tokens;
  checkTokens(source, tokens, 2 ** 31);
  return Int32Array.from(tokens);
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
  checkArguments(source, model, options, ["tokens"], ["lossMask"]);
  const { length, engine } = options;
  checkInteger(source, "length", length, 1, 2 ** 31 - 1);
  const tokens = wholeTokens(source, options.tokens);
  const lossMask = options.lossMask && Uint8Array.from(options.lossMask, (counts) => (Number(counts) === 0 ? 0 : 1));
  const losses = await rowLosses(source, model, { tokens, length, lossMask, engine });
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
