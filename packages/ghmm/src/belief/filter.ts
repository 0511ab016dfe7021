import { allocate } from "../numeric/allocate.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { impossible, readBelief, tokenAt } from "./token.ts";

/** Token sequences of equal length, as {@link sampleSequences} returns them. */
export interface TokenBatch {
  /** Row-major `[count, length]`. */
  readonly tokens: ArrayLike<number>;
  /** Number of sequences. */
  readonly count: number;
  /** Tokens per sequence. */
  readonly length: number;
}

/** What {@link filterBeliefs} returns. */
export interface FilteredBeliefs {
  /** Belief before token `t` at `[i, t, :]` and after the last at `[i, length, :]`; row-major `[count, length + 1, d]`. */
  readonly beliefs: Float64Array;
  /** `P(x_t | x_1 .. x_{t-1})`, row-major `[count, length]`. */
  readonly probabilities: Float64Array;
  readonly count: number;
  readonly length: number;
  readonly stateDim: number;
}

/** Throws unless the batch has non-negative integer sizes that match its tokens. */
export function checkBatch(source: string, batch: TokenBatch): void {
  for (const name of ["count", "length"] as const) {
    const value = batch[name];
    if (Number.isInteger(value) && value >= 0) continue;
    throw new InvalidArgumentError({ source, problem: `${name} is ${value}`, remedy: "Give a non-negative integer" });
  }
  if (batch.tokens.length !== batch.count * batch.length) {
    throw new ShapeError({
      source,
      problem: `${batch.tokens.length} tokens for count ${batch.count} and length ${batch.length}`,
      remedy: "Give count * length tokens in row-major order",
    });
  }
}

/**
 * The beliefs along every sequence of a batch, starting from the initial state.
 *
 * @returns beliefs `[count, length + 1, d]` and conditional probabilities `[count, length]`
 * @throws ShapeError if the number of tokens is not `count * length`
 * @throws InvalidArgumentError if a token is out of range
 * @throws ZeroProbabilityError if a sequence is impossible; `position` is within its sequence
 * @throws UnsupportedError if the beliefs do not fit into memory
 * @example
 * ```ts
 * import { filterBeliefs, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const { beliefs, probabilities } = filterBeliefs(zeroOneRandom({ p: 0.5 }), { tokens: [1, 0, 0], count: 1, length: 3 });
 * expect(Array.from(beliefs.subarray(6, 9))).toEqual([0.5, 0.5, 0]); // after "10"
 * expect(Array.from(probabilities).map((p) => Math.round(p * 6) / 6)).toEqual([3 / 6, 4 / 6, 3 / 6]);
 * ```
 */
export function filterBeliefs(process: Process, batch: TokenBatch): FilteredBeliefs {
  const source = "filterBeliefs";
  checkBatch(source, batch);
  const { count, length } = batch;
  const { stateDim } = process;
  const initial = readBelief(source, process, process.initial);
  const beliefs = allocate(source, Float64Array, count * (length + 1) * stateDim);
  const probabilities = allocate(source, Float64Array, count * length);
  const at = (row: number): Float64Array => beliefs.subarray(row * stateDim, (row + 1) * stateDim);
  for (let i = 0, row = 0, position = 0; i < count; i++) {
    let belief = at(row++);
    belief.set(initial);
    for (let t = 0; t < length; t++) {
      const token = tokenAt(source, process, batch.tokens, position);
      const next = at(row++);
      const probability = process.step(belief, token, next);
      if (probability === 0) throw impossible(source, process, t, token, ` of sequence ${i}`);
      probabilities[position++] = probability;
      belief = next;
    }
  }
  return { beliefs, probabilities, count, length, stateDim };
}
