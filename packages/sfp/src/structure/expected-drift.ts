import { type EntropyOptions, InvalidArgumentError, type Key, NotConvergedError } from "@semifactor/ghmm";
import { unitsPerNat } from "@semifactor/ghmm/internal";
import { checkChoice, checkInteger, checkObject, checkRange } from "../_internal/checks.ts";
import { type BlockPair, blockPair } from "./_internal/block-beliefs.ts";
import { initialBlocks } from "./_internal/block-operators.ts";
import { readPair } from "./_internal/block-pair.ts";
import { boundDivergence, enumerateDivergences } from "./_internal/drift-enumeration.ts";
import { sampleDivergences } from "./_internal/drift-sampling.ts";
import { divergencesByPosition, longRunDivergence, presentPair } from "./_internal/pair-presentation.ts";
import type { SemiFactoredProcess } from "./semi-factored.ts";

const SOURCE = "expectedDrift";

/** How an expected drift was found; see {@link expectedDrift}. */
export type DriftMethod = "exact" | "truncated" | "monte-carlo";

/** Options of {@link expectedDrift}. */
export interface ExpectedDriftOptions extends EntropyOptions {
  /** The block that the words come from. */
  readonly block: number;
  /** The block that it is weighed against. */
  readonly against: number;
  /** @defaultValue exact where the joint presentation is finite, else truncated */
  readonly method?: DriftMethod;
  /** Pairs of beliefs that differ by at most this are the same. @defaultValue 1e-9 */
  readonly tolerance?: number;
  /** Most pairs of beliefs of a finite presentation, up to 4000. @defaultValue 500 */
  readonly maxStates?: number;
  /** Number of positions in `perStep` of the exact method. @defaultValue 16 */
  readonly steps?: number;
  /** Sampled sequences of the Monte-Carlo method. @defaultValue 200 */
  readonly samples?: number;
  /** Tokens of each. @defaultValue 200 */
  readonly length?: number;
  /** Positions that the mean of a sampled sequence leaves out. @defaultValue half of the length */
  readonly burnIn?: number;
  /** Key of the samples, which the Monte-Carlo method needs. */
  readonly key?: Key;
}

/** What {@link expectedDrift} returns. */
export interface ExpectedDrift {
  /** The drift per step in the long run; the last of `perStep`, kept within the bounds, where the method is `truncated`. */
  readonly value: number;
  readonly method: DriftMethod;
  /** `E[log-odds increment]` at each position from the start, `D(P_a(x_t | x_<t) || P_b(x_t | x_<t))` averaged over words of the block. */
  readonly perStep: Float64Array;
  /** Bounds of the drift in the long run: of a truncated HMM. */
  readonly lower?: number;
  readonly upper?: number;
  /** Standard error of `value`, its number of sequences and their key: of the Monte-Carlo method. */
  readonly standardError?: number;
  readonly n?: number;
  readonly key?: Key;
}

const scaled = (values: Float64Array, scale: number): Float64Array => values.map((value) => value * scale);

function truncated(process: SemiFactoredProcess, pair: BlockPair, scale: number): ExpectedDrift {
  const perStep = scaled(enumerateDivergences(pair), scale);
  const last = perStep.at(-1) ?? Number.NaN;
  // the bounds speak of hidden states
  if (process.certificate.kind !== "hmm" || last === Number.POSITIVE_INFINITY) {
    return { value: last, method: "truncated", perStep };
  }
  const bounds = boundDivergence(pair);
  const [lower, upper] = [bounds.lower * scale, bounds.upper * scale];
  return { value: Math.min(upper, Math.max(lower, last)), method: "truncated", perStep, lower, upper };
}

function sampled(
  process: SemiFactoredProcess,
  pair: BlockPair,
  options: ExpectedDriftOptions,
  scale: number,
): ExpectedDrift {
  const { samples = 200, length = 200, key } = options;
  checkInteger(SOURCE, "samples", samples, 2, 2 ** 24);
  checkInteger(SOURCE, "length", length, 1, 2 ** 24);
  const { burnIn = Math.floor(length / 2) } = options;
  checkInteger(SOURCE, "burnIn", burnIn, 0, length - 1);
  if (key === undefined) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: "key is undefined",
      remedy: "Give a key, such as createKey(0), with the Monte-Carlo method",
    });
  }
  const { mean, standardError, perStep } = sampleDivergences(process, options.block, pair, {
    samples,
    length,
    burnIn,
    key,
  });
  return {
    value: mean * scale,
    method: "monte-carlo",
    perStep: scaled(perStep, scale),
    standardError: standardError * scale,
    n: samples,
    key,
  };
}

/**
 * Expected drift of the log odds of two blocks per step, while the process is in the first: `E[log(P_a(x) / P_b(x))]`, which tends to the
 * divergence rate `lim D(P_a(x_1..x_L) || P_b(x_1..x_L)) / L` (T15 vii); in bits unless `unit` says nats.
 *
 * - `exact`: the beliefs of the two blocks move together through finitely many pairs; the drift is its average over the long run of that
 *   chain.
 * - `truncated`: the drift at each position by enumeration of words as far as they can be; for an HMM with bounds of the limit.
 * - `monte-carlo`: the mean over sampled words of the block, with its standard error over sequences.
 *
 * It is `Infinity` when some word of the block is impossible in the other: such a word decides at once.
 *
 * @throws InvalidArgumentError if the blocks are not two different ones with positive weight, or an option is out of range
 * @throws NotConvergedError if the exact method is asked for and there are more than `maxStates` pairs of beliefs
 * @example
 * ```ts
 * import { expectedDrift, families } from "@semifactor/sfp";
 *
 * // two personas that mark one bit with probability 1/5 and 4/5, and otherwise do the same
 * const coins = families.personaZ1r({ random: [0.5, 0.5], marked: [[0.2, 0.2, 0.2], [0.8, 0.8, 0.8]] });
 * const { value, method } = expectedDrift(coins, { block: 0, against: 1 });
 * expect(value).toBeCloseTo(1.2, 12); // 0.6 log2(4)
 * expect(method).toBe("exact");
 * ```
 */
export function expectedDrift(process: SemiFactoredProcess, options: ExpectedDriftOptions): ExpectedDrift {
  checkObject(SOURCE, "options", options);
  const { tolerance = 1e-9, maxStates = 500, steps = 16, method } = options;
  const scale = unitsPerNat(SOURCE, options.unit ?? "bits");
  const [block, against] = readPair(SOURCE, [options.block, options.against], initialBlocks(SOURCE, process).weights);
  checkRange(SOURCE, "tolerance", tolerance, 1e-14, 1e-3);
  checkInteger(SOURCE, "maxStates", maxStates, 1, 4000);
  checkInteger(SOURCE, "steps", steps, 1, 2 ** 20);
  if (method !== undefined) checkChoice(SOURCE, "method", method, ["exact", "truncated", "monte-carlo"]);
  const pair = blockPair(SOURCE, process, block, against);
  if (method === "monte-carlo") return sampled(process, pair, options, scale);
  const presentation = method === "truncated" ? undefined : presentPair(pair, tolerance, maxStates);
  if (presentation === undefined) {
    if (method !== "exact") return truncated(process, pair, scale);
    throw new NotConvergedError({
      source: SOURCE,
      problem: `the two blocks have more than ${maxStates} pairs of beliefs`,
      remedy: 'Give a larger maxStates, or ask for the method "truncated" or "monte-carlo"',
    });
  }
  return {
    value: longRunDivergence(presentation) * scale,
    method: "exact",
    perStep: scaled(divergencesByPosition(presentation, steps), scale),
  };
}
