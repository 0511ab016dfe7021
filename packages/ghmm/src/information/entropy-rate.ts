import { type EntropyUnit, unitsPerNat } from "../numeric/entropy.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { checkInteger, checkNumber } from "../numeric/options.ts";
import type { Process } from "../process/process.ts";
import { createKey, type Key } from "../random/key.ts";
import { closedForm } from "./_internal/closed-form.ts";
import { entropyRateBounds } from "./_internal/entropy-bounds.ts";
import { type Limits, readLimits } from "./_internal/limits.ts";
import { sampledMeans } from "./_internal/monte-carlo.ts";
import { chainEntropyRate } from "./_internal/presentation-chain.ts";
import type { InformationOptions } from "./information-quantity.ts";

/** What {@link entropyRate} takes. */
export interface EntropyRateOptions extends InformationOptions {
  /** `"auto"` (default) is `"presentation"` if that is finite, and otherwise `"bounds"`. */
  readonly method?: "auto" | "presentation" | "bounds" | "monte-carlo";
  /** Bounds this far apart (in `unit`) are good enough, 1e-9 by default. */
  readonly tolerance?: number;
  /** Monte-Carlo sequences, 1024 by default, at least 2. */
  readonly samples?: number;
  /** Tokens in each of them, 256 by default, at least 2; the mean is over the second half. */
  readonly sampleLength?: number;
  /** Monte-Carlo key, `createKey(0)` by default. */
  readonly key?: Key;
}

interface Rate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly unit: EntropyUnit;
}

/** An entropy rate that is known, exactly or between bounds. */
export interface CertifiedEntropyRate extends Rate {
  /** `lower <= h_mu <= upper` is a theorem, up to rounding. */
  readonly certified: true;
  /** `"presentation"`: exact, all three numbers are equal. `"bounds"`: the value is in the middle, or `upper` if `lower` is 0. */
  readonly method: "presentation" | "bounds";
  /** What the lower bound is made of; `"zero"`: none better than 0 is known for this process. */
  readonly lowerFrom: "presentation" | "hidden-states" | "reset-tokens" | "zero";
  /** Block length `L` of the upper bound `h(L)`; 0 for a closed form. */
  readonly length: number;
  /** Absent: nothing was sampled. */
  readonly standardError?: undefined;
}

/** An entropy rate estimated from sampled sequences. */
export interface EstimatedEntropyRate extends Rate {
  /** `lower` and `upper` are two standard errors away, no bounds. */
  readonly certified: false;
  readonly method: "monte-carlo";
  readonly standardError: number;
  /** Number of sequences. */
  readonly samples: number;
  /** Tokens in each of them. */
  readonly sampleLength: number;
  /** Key the sequences were drawn with. */
  readonly key: Key;
}

const SOURCE = "entropyRate";

function sampledRate(process: Process, unit: EntropyUnit, options: EntropyRateOptions): EstimatedEntropyRate {
  const { samples = 1024, sampleLength = 256, key = createKey(0) } = options;
  checkInteger(SOURCE, "samples", samples, 2, 2 ** 32);
  checkInteger(SOURCE, "sampleLength", sampleLength, 2, 2 ** 24);
  const scale = unitsPerNat(SOURCE, unit);
  const from = sampleLength >> 1;
  const result = sampledMeans(process, { length: sampleLength, samples, key, size: 1 }, (entropies, out) => {
    let sum = 0;
    for (let t = from; t < sampleLength; t++) sum += entropies[t] ?? 0;
    out[0] = sum / (sampleLength - from);
  });
  const value = (result.mean[0] ?? 0) * scale;
  const standardError = (result.standardError[0] ?? 0) * scale;
  const [lower, upper] = [Math.max(0, value - 2 * standardError), value + 2 * standardError];
  const method = "monte-carlo";
  return { value, lower, upper, unit, certified: false, method, standardError, samples, sampleLength, key };
}

function boundedRate(process: Process, unit: EntropyUnit, limits: Limits, tolerance: number): CertifiedEntropyRate {
  const scale = unitsPerNat(SOURCE, unit);
  const bounds = entropyRateBounds(SOURCE, process, { ...limits, width: tolerance / scale });
  const [lower, upper] = [bounds.lower * scale, bounds.upper * scale];
  const value = bounds.lowerFrom === "zero" ? upper : (lower + upper) / 2;
  const { lowerFrom, length } = bounds;
  return { value, lower, upper, unit, certified: true, method: "bounds", lowerFrom, length };
}

/**
 * The entropy rate `h_mu = lim H(L) / L`, in bits unless `unit` says nats.
 *
 * Exact, `<pi_W|H>`, where the process has at most 1024 mixed states; a non-ergodic process averages its components by their
 * probability. Otherwise between bounds that close in as `L` grows (T7),
 * `H[X_L | X_1 .. X_{L-1}, S_0] <= h_mu <= H[X_L | X_1 .. X_{L-1}]`, up to `maxLength` tokens and `maxStates` beliefs. The lower one
 * needs hidden states: an HMM, a process similar to one, or a cone of at most 256 rays. Tokens that lead to one belief
 * whatever was before (operators of rank one) give both bounds for any process: the mean of `H[X | b]` over the words since the
 * last such token. Where neither is there, the lower bound is 0 and `lowerFrom` says so. Both are taken at the time average of the initial state, which has the same entropy rate.
 * `method: "monte-carlo"` estimates, with a standard error; it starts at the initial state and skips half of each sequence.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if `method` is `"presentation"` and there are more mixed states
 * @throws NonUniqueStationaryStateError if bounds are asked for, and the initial state has no time average
 * @example
 * ```ts
 * import { entropyRate, mess3, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const exact = entropyRate(zeroOneRandom({ p: 0.5 }));
 * expect(exact.method).toBe("presentation");
 * expect(exact.value).toBeCloseTo(1 / 3, 12);
 *
 * const bounded = entropyRate(mess3({ x: 0.15, a: 0.6 }), { maxStates: 1000 });
 * expect(bounded.method).toBe("bounds");
 * expect(bounded.lower).toBeLessThan(1.5709336);
 * expect(bounded.upper).toBeGreaterThan(1.5709336);
 * expect(bounded.upper - bounded.lower).toBeLessThan(1e-4);
 * ```
 * Source: Cover and Thomas, Elements of Information Theory, section 4.5.
 */
export function entropyRate(
  process: Process,
  options: EntropyRateOptions = {},
): CertifiedEntropyRate | EstimatedEntropyRate {
  const { method = "auto", unit = "bits", tolerance = 1e-9 } = options;
  const limits = readLimits(SOURCE, options);
  checkNumber(SOURCE, "tolerance", tolerance, 0, 1);
  const scale = unitsPerNat(SOURCE, unit);
  if (!["auto", "presentation", "bounds", "monte-carlo"].includes(method)) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `method is ${String(method)}`,
      remedy: 'Give "auto", "presentation", "bounds" or "monte-carlo"',
    });
  }
  if (method === "monte-carlo") return sampledRate(process, unit, options);
  const exact = method === "bounds" ? undefined : closedForm(SOURCE, process, limits.maxStates);
  if (exact !== undefined) {
    const value = chainEntropyRate(exact.chain) * scale;
    const [lower, upper] = [value, value];
    const lowerFrom = "presentation";
    return { value, lower, upper, unit, certified: true, method: "presentation", lowerFrom, length: 0 };
  }
  if (method !== "presentation") return boundedRate(process, unit, limits, tolerance);
  throw new UnsupportedError({
    source: SOURCE,
    problem: `the process has more mixed states than ${Math.min(limits.maxStates, 1024)}, or infinitely many`,
    remedy: 'Use method "bounds" or "monte-carlo"',
  });
}
