import { InvalidArgumentError, type Key, optimalLoss, type Process, UnsupportedError } from "@semifactor/ghmm";
import { checkInteger, checkProcess } from "@semifactor/ghmm/internal";
import { processSource } from "../data/process-source.ts";
import type { Engine } from "../engines/engine.ts";
import type { Transformer } from "../model/transformer.ts";
import { checkArguments } from "./_internal/check-arguments.ts";
import { columnStatistics, type Estimate } from "./_internal/column-statistics.ts";
import { rowLosses } from "./_internal/row-losses.ts";
import { tokenLogLosses } from "./_internal/token-log-losses.ts";

/** Options of {@link evaluateExcess}. */
export interface EvaluateExcessOptions {
  readonly process: Process;
  /** Number of inputs (and of targets) per sequence. */
  readonly length: number;
  /** Number of sequences, at least 2. */
  readonly count: number;
  /** Key of the sequences; not that of the training data, or they are no held-out ones. */
  readonly key: Key;
  /** As in `processSource`: sequences begin with the token `alphabet.length`. False by default. */
  readonly bos?: boolean;
  /** Most distinct beliefs at one position for which the optimum is exact, 20 000 by default: fewer for large processes, where each belief takes long. */
  readonly maxStates?: number;
  readonly engine: Engine;
}

/** A loss beside the optimal one, in nats: numbers, or arrays by position. */
export interface ExcessLoss<T> {
  /** Mean of -ln q(token | past), q the model. */
  readonly loss: T;
  readonly lossStandardError: T;
  /** The least expected loss: exact, or the mean of -ln p(token | past) over the same sequences, p the process. */
  readonly optimal: T;
  /** 0 where `optimal` is exact. */
  readonly optimalStandardError: T;
  /** Mean of ln p(token | past) - ln q(token | past), an estimate of the relative entropy of q to p. */
  readonly excess: T;
  readonly excessStandardError: T;
}

/** Result of {@link evaluateExcess}, in nats. */
export interface ExcessEvaluation {
  /** Arrays `[length]`: position t predicts token t + 1 of the sequence, or token t where sequences begin with a token of their own. */
  readonly byPosition: ExcessLoss<Float64Array>;
  /** Means over positions, with the standard errors of means over independent sequences. */
  readonly mean: ExcessLoss<number>;
  /** Where `optimal` comes from: a sum over all beliefs, or the sequences. */
  readonly optimalMethod: "exact" | "sampled";
  /** Number of sequences n: standard errors are standard deviations over sequences divided by sqrt(n). */
  readonly count: number;
}

/** The exact optimal losses of `length` targets after `skipped` tokens that are none; undefined where there are too many beliefs to sum over. */
function exactOptimum(
  { process, length, maxStates = 20_000 }: EvaluateExcessOptions,
  skipped: number,
): Float64Array | undefined {
  try {
    return optimalLoss(process, { length: length + skipped, method: "exact", maxStates }).loss.slice(skipped);
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

function checkVocabulary(source: string, { config }: Transformer, inputs: number, outputs: number): void {
  if (config.vocabularySize >= inputs && config.outputSize >= outputs) return;
  throw new InvalidArgumentError({
    source,
    problem: `the model has ${config.vocabularySize} input and ${config.outputSize} output tokens`,
    remedy: `The process needs ${inputs} and ${outputs}`,
  });
}

/**
 * How far a model is from optimal on held-out sequences of a process, by position and on average, in nats.
 *
 * The excess is paired: the mean over sequences of ln p(x_t | x_<t) - ln q(x_t | x_<t), p the process and q the model, whose expectation is the relative entropy
 * sum_x p(x | x_<t) ln(p / q), at least 0, averaged over pasts. What sequences differ in cancels, so that its standard error is far below that of the loss once the model is
 * good: loss - optimal estimates the same with the larger error `lossStandardError`. `optimal` is exact (`optimalLoss`) while a position has at most `maxStates` beliefs; then loss,
 * optimal and excess do not add up exactly.
 *
 * @throws InvalidArgumentError if an option is out of range or the model has too few tokens
 * @throws ShapeError if the sequences are longer than the context
 * @example
 * ```ts
 * import { createKey, zeroOneRandom } from "@semifactor/ghmm";
 * import { createReferenceEngine, createTransformer, evaluateExcess } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 6, vocabularySize: 2 });
 * const { mean, byPosition, optimalMethod } = await evaluateExcess(model, {
 *   process: zeroOneRandom({ p: 0.5 }),
 *   length: 6,
 *   count: 50,
 *   key: createKey(1),
 *   engine: createReferenceEngine(),
 * });
 * expect(optimalMethod).toBe("exact");
 * expect(byPosition.optimal[5]).toBeLessThan(byPosition.optimal[0] ?? 0);
 * expect(mean.excess).toBeGreaterThan(3 * mean.excessStandardError); // the model is untrained
 * ```
 */
export async function evaluateExcess(model: Transformer, options: EvaluateExcessOptions): Promise<ExcessEvaluation> {
  const source = "evaluateExcess";
  checkArguments(source, model, options, []);
  checkProcess(source, "process", options.process);
  const { process, length, count, key, bos = false, engine } = options;
  checkInteger(source, "count", count, 2, 2 ** 31 - 1);
  checkInteger(source, "length", length, 1, 2 ** 31 - 1);
  const outputs = process.alphabet.length;
  checkVocabulary(source, model, outputs + (bos ? 1 : 0), outputs);
  const { tokens } = processSource({ process, length, batchSize: count, key, bos }).batch(0);
  const losses = await rowLosses(source, model, { tokens, length, engine });

  const skipped = bos ? 0 : 1;
  const sampled = bos ? tokens.filter((_, i) => i % (length + 1) > 0) : tokens;
  const width = length + skipped;
  const own = tokenLogLosses(process, sampled, width).filter((_, i) => i % width >= skipped);

  const loss = columnStatistics(losses, length);
  const sampledOptimum = columnStatistics(own, length);
  const excess = columnStatistics(
    losses.map((value, i) => value - (own[i] ?? Number.NaN)),
    length,
  );
  const exact = exactOptimum(options, skipped);
  const optimum =
    exact === undefined
      ? sampledOptimum
      : {
          columns: { mean: exact, standardError: new Float64Array(length) },
          rows: { mean: exact.reduce((sum, value) => sum + value, 0) / length, standardError: 0 },
        };
  const report = <T>(pick: (of: typeof loss) => Estimate<T>): ExcessLoss<T> => ({
    loss: pick(loss).mean,
    lossStandardError: pick(loss).standardError,
    optimal: pick(optimum).mean,
    optimalStandardError: pick(optimum).standardError,
    excess: pick(excess).mean,
    excessStandardError: pick(excess).standardError,
  });
  return {
    byPosition: report(({ columns }) => columns),
    mean: report(({ rows }) => rows),
    optimalMethod: exact === undefined ? "sampled" : "exact",
    count,
  };
}
