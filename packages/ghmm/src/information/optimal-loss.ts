import { filterBeliefs } from "../belief/filter.ts";
import { sampleSequences } from "../belief/sample.ts";
import { readBelief } from "../belief/token.ts";
import { emissionVectors } from "../belief/update.ts";
import { type EntropyUnit, unitsPerNat } from "../numeric/entropy.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { createKey, type Key } from "../random/key.ts";
import { BeliefLevel } from "./belief-level.ts";

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
  /** Beliefs closer than this in every coordinate may be merged, 1e-9 by default, at least 1e-15. */
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

/** Rounding makes beliefs that are equal differ by more than a smaller one. */
const SMALLEST_TOLERANCE = 1e-15;

/** Entropy in nats of the next token after a belief. */
function nextTokenEntropy(emission: readonly Float64Array[], belief: Float64Array): number {
  let sum = 0;
  for (const vector of emission) {
    const probability = dot(belief, vector);
    if (probability > 0) sum -= probability * Math.log(probability);
  }
  return sum;
}

/** Level by level over distinct beliefs, or `undefined` when there are more than `maxStates` at one position. */
function exactLoss(
  process: Process,
  length: number,
  maxStates: number,
  tolerance: number,
): { readonly loss: Float64Array; readonly states: number } | undefined {
  const emission = emissionVectors(process);
  const loss = new Float64Array(length);
  const next = new Float64Array(process.stateDim);
  let level = new BeliefLevel(process.stateDim, tolerance);
  level.add(readBelief(SOURCE, process, process.initial), 1);
  let states = 1;
  for (let t = 0; t < length; t++) {
    let sum = 0;
    const children = new BeliefLevel(process.stateDim, tolerance);
    for (const { belief, weight } of level.entries()) {
      sum += weight * nextTokenEntropy(emission, belief);
      if (t + 1 === length) continue;
      for (let token = 0; token < emission.length; token++) {
        const probability = process.step(belief, token, next);
        if (probability > 0) children.add(next, weight * probability);
      }
      if (children.size > maxStates) return undefined;
    }
    loss[t] = sum;
    level = children;
    states = Math.max(states, children.size);
  }
  return { loss, states };
}

/** Means and standard errors over sequences of the next-token entropy at the exact belief: less noisy than `-log P`. */
function monteCarloLoss(
  process: Process,
  length: number,
  samples: number,
  key: Key,
): { readonly loss: Float64Array; readonly standardError: Float64Array } {
  const emission = emissionVectors(process);
  const { stateDim } = process;
  const mean = new Float64Array(length);
  const squares = new Float64Array(length);
  for (let i = 0; i < samples; i++) {
    const batch = sampleSequences(process, { count: 1, length: Math.max(0, length - 1), key, firstIndex: i });
    const { beliefs } = filterBeliefs(process, batch);
    for (let t = 0; t < length; t++) {
      const value = nextTokenEntropy(emission, beliefs.subarray(t * stateDim, (t + 1) * stateDim));
      const difference = value - (mean[t] ?? 0);
      mean[t] = (mean[t] ?? 0) + difference / (i + 1);
      squares[t] = (squares[t] ?? 0) + difference * (value - (mean[t] ?? 0));
    }
  }
  return { loss: mean, standardError: squares.map((sum) => Math.sqrt(Math.max(0, sum) / (samples - 1) / samples)) };
}

function checkInteger(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new InvalidArgumentError({
    source: SOURCE,
    problem: `${name} is ${value}`,
    remedy: `Give an integer from ${low} to ${high}`,
  });
}

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
  const { length, method = "auto", unit = "nats", maxStates = 20_000, tolerance = 1e-9 } = options;
  const { samples = 4096, key = createKey(0) } = options;
  checkInteger("length", length, 0, 2 ** 24);
  checkInteger("maxStates", maxStates, 1, 2 ** 23);
  checkInteger("samples", samples, 2, 2 ** 32);
  if (!(tolerance >= SMALLEST_TOLERANCE && tolerance < 1)) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `tolerance is ${tolerance}`,
      remedy: `Give a number from ${SMALLEST_TOLERANCE}, below 1`,
    });
  }
  if (method !== "auto" && method !== "exact" && method !== "monte-carlo") {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `method is ${String(method)}`,
      remedy: 'Give "auto", "exact" or "monte-carlo"',
    });
  }
  const scale = unitsPerNat(SOURCE, unit);
  const convert = (values: Float64Array): Float64Array => values.map((value) => value * scale);
  if (method !== "monte-carlo") {
    const exact = exactLoss(process, length, maxStates, tolerance);
    if (exact !== undefined) return { method: "exact", unit, loss: convert(exact.loss), states: exact.states };
    if (method === "exact") {
      throw new UnsupportedError({
        source: SOURCE,
        problem: `more than ${maxStates} distinct beliefs at one position`,
        remedy: 'Raise maxStates, lower length, or use method "monte-carlo"',
      });
    }
  }
  const { loss, standardError } = monteCarloLoss(process, length, samples, key);
  return { method: "monte-carlo", unit, loss: convert(loss), standardError: convert(standardError), samples, key };
}
