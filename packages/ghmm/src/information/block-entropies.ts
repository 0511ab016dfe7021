import { type EntropyUnit, unitsPerNat } from "../numeric/entropy.ts";
import { checkInteger } from "../numeric/options.ts";
import type { Process } from "../process/process.ts";
import type { Key } from "../random/key.ts";
import { exactConditionalEntropies, readLevelOptions } from "./_internal/conditional-entropies.ts";
import { sampledMeans } from "./_internal/monte-carlo.ts";
import type { OptimalLossOptions } from "./optimal-loss.ts";

/** What {@link blockEntropies} takes: the options of {@link optimalLoss}, with bits as the default unit. */
export interface BlockEntropiesOptions extends Omit<OptimalLossOptions, "length" | "unit"> {
  /** Largest block length `L`, at most 2^24. */
  readonly maxLength: number;
  /** `"bits"` by default. */
  readonly unit?: EntropyUnit;
}

/** Entropies of blocks of tokens, as exact sums over beliefs. */
export interface ExactBlockEntropies {
  readonly method: "exact";
  readonly unit: EntropyUnit;
  /** `H(L) = H[X_1 .. X_L]` for `L = 0 .. maxLength`. */
  readonly blockEntropy: readonly number[];
  /** `h(L) = H(L) - H(L - 1)` for `L = 1 .. maxLength`: entry `i` is `h(i + 1)`. */
  readonly conditional: readonly number[];
  /** Largest number of distinct beliefs at one depth. */
  readonly states: number;
}

/** Entropies of blocks of tokens, estimated from sampled sequences. */
export interface MonteCarloBlockEntropies {
  readonly method: "monte-carlo";
  readonly unit: EntropyUnit;
  /** Estimates of `H(L)` for `L = 0 .. maxLength`. */
  readonly blockEntropy: readonly number[];
  /** Estimates of `h(L)` for `L = 1 .. maxLength`. */
  readonly conditional: readonly number[];
  /** Standard error of each entry of `blockEntropy`. */
  readonly blockStandardError: readonly number[];
  /** Standard error of each entry of `conditional`. */
  readonly conditionalStandardError: readonly number[];
  /** Number of sequences. */
  readonly samples: number;
  /** Key the sequences were drawn with. */
  readonly key: Key;
}

const SOURCE = "blockEntropies";

/** `0, v_1, v_1 + v_2, ...` */
function runningSums(values: ArrayLike<number>, out: Float64Array): void {
  for (let i = 0; i < values.length; i++) out[i + 1] = (out[i] ?? 0) + (values[i] ?? 0);
}

/**
 * Block entropies `H(L) = H[X_1 .. X_L]` and their differences `h(L) = H[X_L | X_1 .. X_{L-1}]`, in bits unless `unit` says nats.
 *
 * Exact, as sums over the distinct beliefs at each depth, `h(L) = sum_b P(b at depth L - 1) H[X | b]`; from a stationary start
 * `h(L)` never rises (T7). With more than `maxStates` beliefs at one depth, Monte-Carlo estimates with their standard errors
 * (`method` chooses). `h(t + 1)` is entry `t` of {@link optimalLoss}.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if `method` is `"exact"` and some depth has more than `maxStates` beliefs
 * @example
 * ```ts
 * import { blockEntropies, goldenMean } from "@semifactor/ghmm";
 *
 * const { blockEntropy, conditional } = blockEntropies(goldenMean({ p: 0.5 }), { maxLength: 3 });
 * expect(blockEntropy[0]).toBe(0);
 * expect(conditional[0]).toBeCloseTo(0.918296, 6);
 * expect(conditional[2]).toBeCloseTo(2 / 3, 12);
 * expect(blockEntropy[3]).toBeCloseTo(0.918296 + 4 / 3, 6);
 * ```
 * Source: Crutchfield and Feldman, Regularities unseen, randomness observed, Chaos 13 (2003).
 */
export function blockEntropies(
  process: Process,
  options: BlockEntropiesOptions,
): ExactBlockEntropies | MonteCarloBlockEntropies {
  const { maxLength, unit = "bits" } = options;
  checkInteger(SOURCE, "maxLength", maxLength, 0, 2 ** 24);
  const levels = readLevelOptions(SOURCE, options);
  const scale = unitsPerNat(SOURCE, unit);
  const convert = (values: Float64Array): number[] => Array.from(values, (value) => value * scale);
  const exact = exactConditionalEntropies(SOURCE, process, maxLength, levels);
  if (exact !== undefined) {
    const sums = new Float64Array(maxLength + 1);
    runningSums(exact.entropies, sums);
    const [blockEntropy, conditional] = [convert(sums), convert(exact.entropies)];
    return { method: "exact", unit, blockEntropy, conditional, states: exact.states };
  }
  const { samples, key } = levels;
  // one statistic per sequence: 0, its running sums, then its entropies
  const size = 2 * maxLength + 1;
  const sampled = sampledMeans(process, { length: maxLength, samples, key, size }, (entropies, out) => {
    runningSums(entropies, out);
    out.set(entropies, maxLength + 1);
  });
  const [mean, error] = [convert(sampled.mean), convert(sampled.standardError)];
  return {
    method: "monte-carlo",
    unit,
    blockEntropy: mean.slice(0, maxLength + 1),
    conditional: mean.slice(maxLength + 1),
    blockStandardError: error.slice(0, maxLength + 1),
    conditionalStandardError: error.slice(maxLength + 1),
    samples,
    key,
  };
}
