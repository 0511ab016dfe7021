import { type EntropyUnit, unitsPerNat } from "../numeric/entropy.ts";
import { checkInteger } from "../numeric/options.ts";
import type { Process } from "../process/process.ts";
import type { Key } from "../random/key.ts";
import { exactConditionalEntropies, readLevelOptions } from "./_internal/conditional-entropies.ts";
import { sampledMeans } from "./_internal/monte-carlo.ts";

/** What {@link optimalLoss} takes. */
export interface OptimalLossOptions {
  /** Number of tokens to predict, at most 2^24. */
  readonly length: number;
  /** `"exact"` enumerates beliefs, `"monte-carlo"` samples; `"auto"` (default) is exact while there are few enough beliefs. */
  readonly method?: "auto" | "exact" | "monte-carlo";
  /** `"nats"` by default, since it is a loss. */
  readonly unit?: EntropyUnit;
  /** Most distinct beliefs at one position that `"exact"` and `"auto"` accept, 20 000 by default, at most 2^23. */
  readonly maxStates?: number;
  /** Beliefs closer than this in every coordinate may be merged, 1e-9 by default, from 1e-15 to 0.1. */
  readonly tolerance?: number;
  /** Monte-Carlo sequences, 4096 by default, at least 2. */
  readonly samples?: number;
  /** Monte-Carlo key, `createKey(0)` by default. */
  readonly key?: Key;
}

/** The loss as an exact sum over beliefs. */
export interface ExactLoss {
  readonly method: "exact";
  readonly unit: EntropyUnit;
  /** Loss of predicting token `t` from tokens `0 .. t-1`, `[length]`. */
  readonly loss: Float64Array;
  /** Largest number of distinct beliefs at one position. */
  readonly states: number;
}

/** The loss as a mean over sampled sequences. */
export interface MonteCarloLoss {
  readonly method: "monte-carlo";
  readonly unit: EntropyUnit;
  /** Estimated loss of predicting token `t` from tokens `0 .. t-1`, `[length]`. */
  readonly loss: Float64Array;
  /** Standard error of each estimate, `[length]`. */
  readonly standardError: Float64Array;
  /** Number of sequences. */
  readonly samples: number;
  /** Key the sequences were drawn with. */
  readonly key: Key;
}

const SOURCE = "optimalLoss";

/**
 * The loss by position of a predictor that knows the process: entry `t` is `H[X_t | X_0 .. X_{t-1}]`, in nats unless `unit` says
 * bits. No model can have a lower expected cross-entropy.
 *
 * Entry `t` is `h(t + 1)`, the difference of block entropies. Exact: a sum over the distinct beliefs at each position, merged
 * within `tolerance`. Otherwise a Monte-Carlo mean, which comes with its standard error, sample count and key.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if `method` is `"exact"` and some position has more than `maxStates` beliefs
 * @example
 * ```ts
 * import { optimalLoss, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const { loss, method } = optimalLoss(zeroOneRandom({ p: 0.5 }), { length: 5, unit: "bits" });
 * expect(method).toBe("exact");
 * expect(loss[0]).toBeCloseTo(1, 12);
 * expect(loss[4]).toBeCloseTo(1 / 3, 12); // the phase is known by then
 * ```
 */
export function optimalLoss(process: Process, options: OptimalLossOptions): ExactLoss | MonteCarloLoss {
  const { length, unit = "nats" } = options;
  checkInteger(SOURCE, "length", length, 0, 2 ** 24);
  const levels = readLevelOptions(SOURCE, options);
  const scale = unitsPerNat(SOURCE, unit);
  const convert = (values: Float64Array): Float64Array => values.map((value) => value * scale);
  const exact = exactConditionalEntropies(SOURCE, process, length, levels);
  if (exact !== undefined) return { method: "exact", unit, loss: convert(exact.entropies), states: exact.states };
  const { samples, key } = levels;
  const sampled = sampledMeans(process, { length, samples, key, size: length }, (entropies, out) => out.set(entropies));
  const [loss, standardError] = [convert(sampled.mean), convert(sampled.standardError)];
  return { method: "monte-carlo", unit, loss, standardError, samples, key };
}
