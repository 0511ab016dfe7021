import { foldIn, InvalidArgumentError, type Key, randomBits, ShapeError } from "@semifactor/ghmm";
import { checkInteger, checkNumber } from "@semifactor/ghmm/internal";
import { checkTokens } from "../data/_internal/staging.ts";
import type { Engine } from "../engines/engine.ts";
import type { Transformer } from "../model/transformer.ts";
import { checkArguments } from "./_internal/check-arguments.ts";
import { drawToken } from "./_internal/draw-token.ts";
import { paddedLength } from "./_internal/padded-length.ts";
import { run } from "./run.ts";

/** Options of {@link generate}. */
export interface GenerateOptions {
  /** One prompt, or several of any lengths; at least one token each. */
  readonly prompt: ArrayLike<number> | readonly ArrayLike<number>[];
  /** Tokens to add to every prompt. */
  readonly newTokens: number;
  /** Logits are divided by it: 1 by default, 0 always takes the most probable token. */
  readonly temperature?: number;
  /** Choose among so many of the most probable tokens; among all by default. */
  readonly topK?: number;
  /** Key of the whole family of continuations: use it for nothing else. */
  readonly key: Key;
  /** Index of the first continuation, 0 by default: number i depends on `key` and `firstIndex` + i only. */
  readonly firstIndex?: number;
  /** Where a sequence outgrows the context, predict from its last nCtx tokens, at positions 0 to nCtx - 1, instead of throwing. */
  readonly slide?: boolean;
  readonly engine: Engine;
}

/** Result of {@link generate}. */
export interface Generated {
  /** `[count, newTokens]`, without the prompts. */
  readonly tokens: Int32Array;
  /** `[count, newTokens]`, in nats: ln p(token | all before it) of the model itself, at temperature 1 and without `topK`. */
  readonly logProbabilities: Float64Array;
  readonly count: number;
}

function isNested(prompt: GenerateOptions["prompt"]): prompt is readonly ArrayLike<number>[] {
  return Array.isArray(prompt) && typeof prompt[0] !== "number" && prompt.length > 0;
}

/** ln of the sum of exp. */
function logSumExp(values: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i] ?? Number.NaN);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp((values[i] ?? Number.NaN) - top);
  return top + Math.log(sum);
}

function checkPrompts(
  source: string,
  { config }: Transformer,
  prompts: readonly ArrayLike<number>[],
  options: GenerateOptions,
): void {
  const { newTokens, slide = false } = options;
  for (const [i, prompt] of prompts.entries()) {
    checkTokens(source, prompt, config.vocabularySize, `prompt ${i} has the token`);
    if (prompt.length === 0) {
      throw new ShapeError({ source, problem: `prompt ${i} is empty`, remedy: "Begin it with a token" });
    }
    if (!slide && prompt.length + newTokens - 1 > config.nCtx) {
      throw new ShapeError({
        source,
        problem: `prompt ${i} has ${prompt.length} tokens and is to get ${newTokens}, in a context of ${config.nCtx}`,
        remedy: "Ask for fewer, or let the context slide with slide: true",
      });
    }
  }
}

/**
 * Continues prompts token by token. Token t of continuation i is drawn by draw t of `foldIn(key, i)`: the first token, in the order of the tokens, whose cumulative
 * probability exceeds (bits + 1/2) / 2^32. It does not depend on the other prompts, and a longer continuation extends a shorter one.
 *
 * The whole prefix is computed anew for every token.
 *
 * @throws InvalidArgumentError if a token is out of range, an option is, or the model gives logits that are not finite
 * @throws ShapeError if there is no prompt, one is empty, or its continuation does not fit into the context and may not slide
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { createReferenceEngine, createTransformer, generate } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 8, vocabularySize: 3 });
 * const options = { newTokens: 5, key: createKey(1), engine: createReferenceEngine() };
 * const { tokens } = await generate(model, { ...options, prompt: [[0, 1], [2]] });
 * expect(tokens.length).toBe(2 * 5);
 * const alone = await generate(model, { ...options, prompt: [2], firstIndex: 1 });
 * expect(alone.tokens).toEqual(tokens.slice(5));
 * ```
 */
export async function generate(model: Transformer, options: GenerateOptions): Promise<Generated> {
  const source = "generate";
  checkArguments(source, model, options, ["prompt"]);
  const { prompt, newTokens, temperature = 1, topK, key, firstIndex = 0, engine } = options;
  const { nCtx, outputSize } = model.config;
  const prompts = isNested(prompt) ? prompt : [prompt];
  const count = prompts.length;
  checkInteger(source, "newTokens", newTokens, 0, 2 ** 31 - 1);
  checkNumber(source, "temperature", temperature, 0);
  if (topK !== undefined) checkInteger(source, "topK", topK, 1, outputSize);
  checkInteger(source, "firstIndex", firstIndex, 0, 2 ** 32 - count);
  checkPrompts(source, model, prompts, options);
  const draw = { temperature, topK: topK ?? outputSize };
  const bits = prompts.map((_, i) => randomBits(foldIn(key, firstIndex + i), newTokens));
  const sequences = prompts.map((one) => Array.from(one));
  const tokens = new Int32Array(count * newTokens);
  const logProbabilities = new Float64Array(count * newTokens);
  for (let t = 0; t < newTokens; t++) {
    const seen = sequences.map((sequence) => sequence.slice(-nCtx));
    const length = paddedLength(Math.max(...seen.map((one) => one.length)), nCtx);
    const inputs = new Int32Array(count * length);
    for (const [i, one] of seen.entries()) inputs.set(one, i * length);
    const { logits } = await run(model, { tokens: inputs, length, engine });
    for (const [i, one] of seen.entries()) {
      const first = (i * length + one.length - 1) * outputSize;
      const row = logits.subarray(first, first + outputSize);
      const bad = row.findIndex((logit) => !Number.isFinite(logit));
      if (bad !== -1) {
        throw new InvalidArgumentError({
          source,
          problem: `the logit of token ${bad} after ${sequences[i]?.length} tokens of sequence ${i} is ${row[bad]}`,
          remedy: "Give a model whose logits are finite",
        });
      }
      const token = drawToken(row, ((bits[i]?.[t] ?? 0) + 0.5) / 2 ** 32, draw);
      tokens[i * newTokens + t] = token;
      logProbabilities[i * newTokens + t] = (row[token] ?? Number.NaN) - logSumExp(row);
      sequences[i]?.push(token);
    }
  }
  return { tokens, logProbabilities, count };
}
