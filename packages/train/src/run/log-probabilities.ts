import { ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkTokens } from "../data/_internal/staging.ts";
import type { Engine } from "../engines/engine.ts";
import type { Transformer } from "../model/transformer.ts";
import { checkArguments } from "./_internal/check-arguments.ts";
import { paddedLength } from "./_internal/padded-length.ts";
import { rowLosses } from "./_internal/row-losses.ts";

/** Options of {@link logProbabilities}. */
export interface LogProbabilitiesOptions {
  /** What stands before each continuation: at least one token each, of any lengths. */
  readonly prompts: readonly ArrayLike<number>[];
  /** As many, of any lengths. */
  readonly continuations: readonly ArrayLike<number>[];
  readonly engine: Engine;
}

/** Result of {@link logProbabilities}, in nats. */
export interface LogProbabilities {
  /** For every continuation ln p(token | prompt and the tokens before it), as many as it has tokens. */
  readonly byToken: readonly Float64Array[];
  /** `[count]`: their sums, ln p(continuation | prompt). */
  readonly totals: Float64Array;
}

/** A prompt, its continuation and the log-probabilities to be. */
interface Pair {
  readonly prompt: ArrayLike<number>;
  readonly continuation: ArrayLike<number>;
  readonly own: Float64Array;
}

function checkPair(source: string, { config }: Transformer, { prompt, continuation }: Pair, index: number): void {
  checkList(source, `prompts[${index}]`, prompt);
  checkList(source, `continuations[${index}]`, continuation);
  const { nCtx, vocabularySize, outputSize } = config;
  if (prompt.length === 0) {
    throw new ShapeError({ source, problem: `prompt ${index} is empty`, remedy: "Begin it with a token" });
  }
  checkTokens(source, prompt, vocabularySize, `prompt ${index} has the token`);
  checkTokens(source, continuation, outputSize, `continuation ${index} has the token`);
  const total = prompt.length + continuation.length;
  if (total <= nCtx + 1) return;
  throw new ShapeError({
    source,
    problem: `prompt ${index} and its continuation have ${total} tokens`,
    remedy: `Give at most nCtx + 1 = ${nCtx + 1}`,
  });
}

/**
 * Log-probabilities that a model gives to continuations of prompts, in nats: ln p(y | x) = sum_t ln p(y_t | x, y_1 .. y_{t-1}).
 *
 * @throws InvalidArgumentError if a token is out of range or a weight is not finite
 * @throws ShapeError if there are not as many prompts as continuations, a prompt is empty, or one with its continuation but for the last token is longer than the context
 * @example
 * ```ts
 * import { createReferenceEngine, createTransformer, logProbabilities } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 4, vocabularySize: 2 });
 * const { totals } = await logProbabilities(model, {
 *   prompts: [[0], [0], [0], [0]],
 *   continuations: [[0, 0], [0, 1], [1, 0], [1, 1]],
 *   engine: createReferenceEngine(),
 * });
 * expect(totals.reduce((sum, total) => sum + Math.exp(total), 0)).toBeCloseTo(1, 12);
 * ```
 */
export async function logProbabilities(
  model: Transformer,
  options: LogProbabilitiesOptions,
): Promise<LogProbabilities> {
  const source = "logProbabilities";
  checkArguments(source, model, options, ["prompts", "continuations"]);
  const { prompts, continuations, engine } = options;
  if (prompts.length !== continuations.length) {
    throw new ShapeError({
      source,
      problem: `there are ${prompts.length} prompts for ${continuations.length} continuations`,
      remedy: "Give one for each",
    });
  }
  /** Pairs by the length of the plan that takes them. */
  const groups = new Map<number, Pair[]>();
  const byToken = continuations.map((continuation, index) => {
    const own = new Float64Array(continuation?.length ?? 0);
    const pair = { prompt: prompts[index] ?? [], continuation, own };
    checkPair(source, model, pair, index);
    const length = paddedLength(pair.prompt.length + continuation.length - 1, model.config.nCtx);
    if (continuation.length > 0) groups.set(length, [...(groups.get(length) ?? []), pair]);
    return pair.own;
  });
  for (const [length, pairs] of groups) {
    const tokens = new Int32Array(pairs.length * (length + 1));
    const lossMask = new Uint8Array(pairs.length * length);
    /** Where the target that is the first token of the continuation stands. */
    const first = pairs.map(({ prompt }, row) => row * length + prompt.length - 1);
    for (const [row, { prompt, continuation }] of pairs.entries()) {
      tokens.set(Array.from(prompt), row * (length + 1));
      tokens.set(Array.from(continuation), row * (length + 1) + prompt.length);
      lossMask.fill(1, first[row], (first[row] ?? 0) + continuation.length);
    }
    const losses = await rowLosses(source, model, { tokens, length, lossMask, engine });
    for (const [row, { own }] of pairs.entries()) {
      for (let t = 0; t < own.length; t++) own[t] = -(losses[(first[row] ?? 0) + t] ?? Number.NaN);
    }
  }
  return { byToken, totals: Float64Array.from(byToken, (own) => own.reduce((sum, one) => sum + one, 0)) };
}
