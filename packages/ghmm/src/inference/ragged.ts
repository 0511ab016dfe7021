import { impossible, readBelief } from "../belief/token.ts";
import { allocate } from "../numeric/allocate.ts";
import type { Process } from "../process/process.ts";
import { readBatch } from "./_internal/read-tokens.ts";

/**
 * Token sequences of different lengths, one after another.
 *
 * @example
 * ```ts
 * import { coin, logLikelihoods, type RaggedBatch } from "@semifactor/ghmm";
 *
 * const batch: RaggedBatch = { tokens: [0, 1, 0, 1, 1], lengths: [2, 0, 3] };
 * const logs = logLikelihoods(coin({ p: 0.5 }), batch);
 * expect(Array.from(logs, (value) => Math.exp(value).toFixed(3))).toEqual(["0.250", "1.000", "0.125"]);
 * ```
 */
export interface RaggedBatch {
  /** All tokens, `[sum of lengths]`. */
  readonly tokens: ArrayLike<number>;
  /** Number of tokens of each sequence, `[count]`; 0 is allowed. */
  readonly lengths: ArrayLike<number>;
}

/** What {@link filterRagged} returns; a sequence of `L` tokens has `L + 1` beliefs. */
export interface FilteredRagged {
  /** Beliefs before each token and after the last, sequence after sequence, `[sum of (length + 1), d]`. */
  readonly beliefs: Float64Array;
  /** `P(x_t | x_1 .. x_{t-1})`, `[sum of lengths]`. */
  readonly probabilities: Float64Array;
  /** Row of `beliefs` at which each sequence starts, `[count]`. */
  readonly rows: Int32Array;
  /** `ln P(sequence)`, `[count]`. */
  readonly logLikelihoods: Float64Array;
  readonly stateDim: number;
}

/**
 * The beliefs along sequences of different lengths, each from the initial state.
 *
 * @throws ShapeError if the lengths do not add up to the number of tokens
 * @throws InvalidArgumentError if a length is not a non-negative integer or a token is out of range
 * @throws ZeroProbabilityError if a sequence is impossible; `position` is within its sequence
 * @throws UnsupportedError if the beliefs do not fit into memory
 * @example
 * ```ts
 * import { filterRagged, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const { beliefs, rows } = filterRagged(zeroOneRandom({ p: 0.5 }), { tokens: [1, 1, 0], lengths: [1, 2] });
 * expect(Array.from(rows)).toEqual([0, 2]);
 * expect(Array.from(beliefs.subarray(4 * 3))).toEqual([0.5, 0.5, 0]); // after "10"
 * ```
 */
export function filterRagged(process: Process, batch: RaggedBatch): FilteredRagged {
  const source = "filterRagged";
  const { tokens, lengths, starts } = readBatch(source, process, batch);
  const { stateDim } = process;
  const initial = readBelief(source, process, process.initial);
  const count = lengths.length;
  const beliefs = allocate(source, Float64Array, (tokens.length + count) * stateDim);
  const probabilities = allocate(source, Float64Array, tokens.length);
  const rows = new Int32Array(count);
  const logs = new Float64Array(count);
  const current = new Float64Array(stateDim);
  for (let i = 0, row = 0; i < count; i++) {
    const [start, length] = [starts[i] ?? 0, lengths[i] ?? 0];
    rows[i] = row;
    current.set(initial);
    beliefs.set(current, row++ * stateDim);
    let sum = 0;
    for (let t = 0; t < length; t++) {
      const token = tokens[start + t] ?? 0;
      const probability = process.step(current, token, current);
      if (probability === 0) throw impossible(source, process, t, token, ` of sequence ${i}`);
      beliefs.set(current, row++ * stateDim);
      probabilities[start + t] = probability;
      sum += Math.log(probability);
    }
    logs[i] = sum;
  }
  return { beliefs, probabilities, rows, logLikelihoods: logs, stateDim };
}

/**
 * `ln P(sequence)` of each sequence of a ragged batch, `-Infinity` for an impossible one.
 *
 * @returns `[count]`, in nats
 * @throws ShapeError if the lengths do not add up to the number of tokens
 * @throws InvalidArgumentError if a length is not a non-negative integer or a token is out of range
 * @example
 * ```ts
 * import { logLikelihoods, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const logs = logLikelihoods(zeroOneRandom({ p: 0.5 }), { tokens: [1, 0, 0, 0, 0, 0], lengths: [3, 3] });
 * expect(Math.exp(logs[0] ?? NaN)).toBeCloseTo(1 / 6, 14);
 * expect(logs[1]).toBe(-Infinity);
 * ```
 */
export function logLikelihoods(process: Process, batch: RaggedBatch): Float64Array {
  const source = "logLikelihoods";
  const { tokens, lengths, starts } = readBatch(source, process, batch);
  const initial = readBelief(source, process, process.initial);
  const belief = new Float64Array(process.stateDim);
  return Float64Array.from(lengths, (length, i) => {
    const start = starts[i] ?? 0;
    belief.set(initial);
    let sum = 0;
    for (let t = start; t < start + length && sum > Number.NEGATIVE_INFINITY; t++) {
      sum += Math.log(process.step(belief, tokens[t] ?? 0, belief));
    }
    return sum;
  });
}
