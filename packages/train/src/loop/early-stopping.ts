import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkGiven } from "../io/_internal/check-given.ts";
import type { Transformer } from "../model/transformer.ts";

/** An evaluation every so many steps, by which training can stop early. */
export interface EvaluateOptions {
  readonly every: number;
  /** What is measured, e.g. the loss on held-out sequences: lower is better. It gets the steps done and, in `trainReplicas`, the index of the replica. */
  readonly run: (model: Transformer, step: number, replica: number) => number | Promise<number>;
  /** Training stops after so many evaluations in a row that are no improvement; it never does by default. */
  readonly patience?: number;
  /** How much lower than the best before it a value must be to count as an improvement, 0 by default. */
  readonly minDelta?: number;
}

/** The value of one evaluation. */
export interface Evaluation {
  /** Steps done. */
  readonly step: number;
  readonly value: number;
}

/** Checks the options. */
export function checkEvaluate(evaluate: EvaluateOptions | undefined, source: string): void {
  if (evaluate === undefined) return;
  checkGiven(source, { evaluate });
  const reject = (name: string, value: number, remedy: string): never => {
    throw new InvalidArgumentError({ source, problem: `evaluate.${name} is ${value}`, remedy });
  };
  const { every, patience, minDelta = 0 } = evaluate;
  checkGiven(source, { "evaluate.run": evaluate.run }, "function");
  for (const [name, value] of Object.entries({ every, ...(patience === undefined ? {} : { patience }) })) {
    if (!(Number.isInteger(value) && value > 0)) reject(name, value, "Give a positive integer");
  }
  if (!(Number.isFinite(minDelta) && minDelta >= 0)) reject("minDelta", minDelta, "Give a number of at least 0");
}

/**
 * Whether the last `patience` evaluations were no improvement: none was lower than the lowest value that counted as an improvement before it by more than
 * `minDelta`. A value that is NaN is never an improvement.
 *
 * @example
 * ```ts
 * import { isOutOfPatience } from "@semifactor/train";
 *
 * const evaluations = [3, 2, 2.1, 1.95].map((value, i) => ({ step: 10 * (i + 1), value }));
 * expect(isOutOfPatience(evaluations, { patience: 2 })).toBe(false);
 * expect(isOutOfPatience(evaluations, { patience: 2, minDelta: 0.1 })).toBe(true);
 * ```
 */
export function isOutOfPatience(
  evaluations: readonly Evaluation[],
  { patience, minDelta = 0 }: Pick<EvaluateOptions, "patience" | "minDelta">,
): boolean {
  if (patience === undefined) return false;
  let best = Number.POSITIVE_INFINITY;
  let without = 0;
  for (const { value } of evaluations) {
    without++;
    // The first finite value is an improvement on nothing.
    if (!(value < best - minDelta)) continue;
    best = value;
    without = 0;
  }
  return without >= patience;
}
