import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { filterByStep, filterKernel } from "./filter-kernel.ts";
import { filterProduct } from "./kronecker-filter.ts";
import { independentFactors } from "./kronecker-initial.ts";
import { checkApart, outputOf } from "./outputs.ts";
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

/** Arrays of an earlier call to write to: a new array costs about as much as filtering into it. */
export interface FilterOutput {
  /** `[count, length + 1, d]`. */
  readonly beliefs?: Float64Array;
  /** `[count, length]`. */
  readonly probabilities?: Float64Array;
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

/** The tokens as 32-bit integers; undefined if one is no such integer. */
export function readTokens({ tokens }: TokenBatch): Int32Array | undefined {
  if (tokens instanceof Int32Array) return tokens;
  const read = new Int32Array(tokens.length);
  for (let i = 0; i < read.length; i++) {
    read[i] = tokens[i] ?? -1;
    if (read[i] !== tokens[i]) return undefined;
  }
  return read;
}

/**
 * The beliefs along every sequence of a batch, starting from the initial state.
 *
 * Large batches of small processes are filtered by code written for the process at its first use (by plain loops where a
 * content-security policy forbids that), and products whose factors are kept factor by factor. Results agree with
 * {@link updateBelief} up to rounding.
 *
 * @param options - `out`: arrays to write the result to, for instance those of an earlier call
 * @returns beliefs `[count, length + 1, d]` and conditional probabilities `[count, length]`
 * @throws ShapeError if the number of tokens is not `count * length`, or an array of `out` has another length than the result
 * @throws InvalidArgumentError if a token is out of range, or the two arrays of `out` overlap
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
export function filterBeliefs(
  process: Process,
  batch: TokenBatch,
  options: { readonly out?: FilterOutput } = {},
): FilteredBeliefs {
  const source = "filterBeliefs";
  checkBatch(source, batch);
  const { count, length } = batch;
  const { stateDim } = process;
  const { out = {} } = options;
  const initial = readBelief(source, process, process.initial);
  const size = count * (length + 1) * stateDim;
  const beliefs = outputOf(source, "beliefs", out.beliefs, size);
  const probabilities = outputOf(source, "probabilities", out.probabilities, count * length);
  checkApart(source, { beliefs, probabilities });
  const work = { count, length, initial, beliefs, probabilities };
  const tokens = size < 2 ** 31 ? readTokens(batch) : undefined;
  const product = independentFactors(process);
  const filtered =
    tokens !== undefined &&
    (product === undefined
      ? filterKernel(process, tokens.length)({ ...work, tokens })
      : filterProduct(product, { ...work, tokens }));
  if (!filtered) {
    // once more in small steps, to say where it ends
    const obstacle = filterByStep(process, { ...work, tokens: batch.tokens });
    if (obstacle !== undefined) {
      const { sequence, position } = obstacle;
      const token = tokenAt(source, process, batch.tokens, sequence * length + position);
      throw impossible(source, process, position, token, ` of sequence ${sequence}`);
    }
  }
  return { beliefs, probabilities, count, length, stateDim };
}
