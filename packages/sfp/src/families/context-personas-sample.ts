import { foldIn, type Key, randomBits } from "@semifactor/ghmm";
import { allocate } from "@semifactor/ghmm/internal";
import { checkInteger } from "../_internal/checks.ts";
import type { ContextPersonas } from "./context-personas.ts";

const SOURCE = "sampleContextPersonas";
const TWO_32 = 2 ** 32;

/** Options of {@link sampleContextPersonas}. */
export interface ContextPersonasSampleOptions {
  /** Sequence `i` is a pure function of `(key, firstIndex + i)` and of the process. */
  readonly key: Key;
  /** Number of sequences. */
  readonly count: number;
  /** Tokens per sequence. */
  readonly length: number;
  /** Index of the first sequence. @defaultValue 0 */
  readonly firstIndex?: number;
}

/** Sampled sequences with their assignments. */
export interface ContextPersonasSample {
  /** Tokens `2 k + u`, row-major `[count, length]`. */
  readonly tokens: Int32Array;
  readonly count: number;
  readonly length: number;
  /** Bit of every context, `[count, contexts]`. */
  readonly assignments: Uint8Array;
}

/** Sums of a law, as 32-bit thresholds: outcome j is drawn below threshold j; the last with any weight ends at 2^32. */
function thresholds(law: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(law.length);
  let sum = 0;
  let last = 0;
  for (let k = 0; k < law.length; k++) {
    const weight = law[k] ?? 0;
    if (weight > 0) last = k;
    sum += weight;
    sums[k] = Math.round(sum * TWO_32);
  }
  return sums.fill(TWO_32, last);
}

function drawn(sums: Float64Array, bits: number): number {
  let k = 0;
  while (bits >= (sums[k] ?? TWO_32)) k++;
  return k;
}

/**
 * Samples sequences of {@link contextPersonas} for every number of contexts, without enumerating assignments.
 *
 * Draws of one sequence, in order: whether the bits are independent, the shared bit, one bit for each context, then context and
 * emission of each token; a longer sequence begins with the shorter one. Laws are compared as integers with thresholds rounded to
 * multiples of 2^-32, so samples are the same on every machine. The draws do not depend on alpha: samples that differ only in it
 * are coupled.
 *
 * @returns `tokens` `[count, length]` and `assignments` `[count, contexts]`
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if the result does not fit into memory
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { families, filterContextPersonas, sampleContextPersonas } from "@semifactor/sfp";
 *
 * const process = families.contextPersonas({ contexts: 40 }); // one shared bit
 * const sample = sampleContextPersonas(process, { key: createKey(1), count: 2, length: 30 });
 * const { misaligned } = filterContextPersonas(process, sample);
 * for (const i of [0, 1]) expect(misaligned[(30 * i + 29) * 40]).toBeCloseTo(sample.assignments[40 * i], 6);
 * ```
 */
export function sampleContextPersonas(
  process: ContextPersonas,
  options: ContextPersonasSampleOptions,
): ContextPersonasSample {
  const { key, count, length, firstIndex = 0 } = options;
  const { contexts, alpha, epsilon, chain, initialContext } = process;
  checkInteger(SOURCE, "count", count, 0, 2 ** 31 - 1);
  checkInteger(SOURCE, "length", length, 0, 2 ** 31 - 1);
  checkInteger(SOURCE, "count * length", count * length, 0, 2 ** 31 - 1);
  checkInteger(SOURCE, "firstIndex", firstIndex, 0, TWO_32 - count);
  const tokens = allocate(SOURCE, Int32Array, count * length);
  const assignments = allocate(SOURCE, Uint8Array, count * contexts);
  const first = thresholds(initialContext);
  const next = chain?.map(thresholds);
  const wrong = Math.round(epsilon * TWO_32);
  const independent = Math.round(alpha * TWO_32);
  const emissions = 2 + contexts;
  for (let i = 0; i < count; i++) {
    const bits = randomBits(foldIn(key, firstIndex + i), emissions + 2 * length);
    const own = (bits[0] ?? 0) < independent;
    for (let k = 0; k < contexts; k++) assignments[i * contexts + k] = (bits[own ? 2 + k : 1] ?? 0) >>> 31;
    let sums = first;
    for (let t = 0; t < length; t++) {
      const context = drawn(sums, bits[emissions + 2 * t] ?? 0);
      const flip = (bits[emissions + 2 * t + 1] ?? 0) < wrong ? 1 : 0;
      tokens[i * length + t] = 2 * context + ((assignments[i * contexts + context] ?? 0) ^ flip);
      sums = next?.[context] ?? first;
    }
  }
  return { tokens, count, length, assignments };
}
