import { allocate } from "../numeric/allocate.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { checkInteger } from "../numeric/options.ts";
import type { Process } from "../process/process.ts";
import { checkKey, type Key } from "../random/key.ts";
import { filterBeliefs } from "./filter.ts";
import { sampleByBelief } from "./sample-by-belief.ts";
import { sampleHiddenPaths } from "./sample-hidden-paths.ts";
import { readBelief } from "./token.ts";

/** What {@link sampleSequences} takes. */
export interface SampleOptions {
  /** Number of sequences. */
  readonly count: number;
  /** Tokens per sequence. */
  readonly length: number;
  /** Key of the whole family of sequences: use it for nothing else. */
  readonly key: Key;
  /** Index of the first sequence, 0 by default: sequence `i` depends on `key` and `firstIndex + i` only. */
  readonly firstIndex?: number;
  /** Also return the hidden states (HMMs only). */
  readonly withStates?: boolean;
  /** Also return the belief before every token and after the last. */
  readonly withBeliefs?: boolean;
}

/** What {@link sampleSequences} returns. */
export interface SampledSequences {
  /** Row-major `[count, length]`. */
  readonly tokens: Int32Array;
  /** Hidden state before token `t` at `[i, t]` and after the last at `[i, length]`; row-major `[count, length + 1]`. */
  readonly states?: Int32Array;
  /** Belief before token `t` at `[i, t, :]`; row-major `[count, length + 1, d]`. */
  readonly beliefs?: Float64Array;
  readonly count: number;
  readonly length: number;
}

/**
 * Random token sequences; sequence `i` is a pure function of `(process, key, firstIndex + i)` and a longer sequence extends a
 * shorter one.
 *
 * In an HMM, word `t` of sequence `i` (half `t mod 2` of the threefry block `(i, t div 2)`; word 0 picks the initial state)
 * is compared with precomputed 32-bit cumulative thresholds over (token, next state), so every engine draws the same
 * sequences; probabilities are exact to 2^-32. Other processes are sampled by belief in float64. A product of HMMs with more than
 * 2^20 transitions, whose thresholds cannot be listed, joins the sequences of its factors, factor `n` sampled with
 * `foldIn(key, n)`: its sequences then depend on how the process was multiplied together.
 *
 * @returns tokens `[count, length]`, on request states `[count, length + 1]` and beliefs `[count, length + 1, d]`
 * @throws InvalidArgumentError if `count`, `length`, `firstIndex` or `key` is out of range
 * @throws UnsupportedError if states are requested of a process that is not an HMM: it has no hidden states; or if the result
 * does not fit into memory; or if so large a product of HMMs starts in a state that is no product
 * @example
 * ```ts
 * import { createKey, mess3, sampleSequences } from "@semifactor/ghmm";
 *
 * const process = mess3({ x: 0.15, a: 0.6 });
 * const key = createKey(0);
 * const batch = sampleSequences(process, { count: 8, length: 16, key, withBeliefs: true });
 * expect(batch.tokens.length).toBe(8 * 16);
 * expect(batch.beliefs.length).toBe(8 * 17 * 3);
 * const second = sampleSequences(process, { count: 1, length: 16, key, firstIndex: 1 });
 * expect(second.tokens).toEqual(batch.tokens.slice(16, 32));
 * ```
 */
export function sampleSequences(
  process: Process,
  options: SampleOptions & { readonly withStates: true; readonly withBeliefs: true },
): SampledSequences & { readonly states: Int32Array; readonly beliefs: Float64Array };
export function sampleSequences(
  process: Process,
  options: SampleOptions & { readonly withStates: true },
): SampledSequences & { readonly states: Int32Array };
export function sampleSequences(
  process: Process,
  options: SampleOptions & { readonly withBeliefs: true },
): SampledSequences & { readonly beliefs: Float64Array };
export function sampleSequences(process: Process, options: SampleOptions): SampledSequences;
export function sampleSequences(process: Process, options: SampleOptions): SampledSequences {
  const { count, length, key, firstIndex = 0, withStates = false, withBeliefs = false } = options;
  checkKey("sampleSequences", key);
  checkInteger("sampleSequences", "count", count, 0, 2 ** 32);
  checkInteger("sampleSequences", "length", length, 0, 2 ** 31);
  checkInteger("sampleSequences", "firstIndex", firstIndex, 0, 2 ** 32 - count);
  checkInteger("sampleSequences", "count * (length + 1)", count * (length + 1), 0, 2 ** 31);
  // throws where the initial state is no state
  readBelief("sampleSequences", process, process.initial);
  const tokens = allocate("sampleSequences", Int32Array, count * length);
  const range = { count, length, key, firstIndex };
  let states: Int32Array | undefined;
  if (process.certificate.kind === "hmm") {
    if (withStates) states = allocate("sampleSequences", Int32Array, count * (length + 1));
    sampleHiddenPaths(process, range, tokens, states);
  } else {
    if (withStates) {
      throw new UnsupportedError({
        source: "sampleSequences",
        problem: `withStates on a process with certificate "${process.certificate.kind}"`,
        remedy: "Only an HMM has hidden states; ask for withBeliefs instead",
      });
    }
    sampleByBelief(process, range, tokens);
  }
  const sampled = { tokens, count, length };
  return {
    ...sampled,
    ...(states === undefined ? {} : { states }),
    ...(withBeliefs ? { beliefs: filterBeliefs(process, sampled).beliefs } : {}),
  };
}
