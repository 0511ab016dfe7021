import { allocate } from "../numeric/allocate.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { checkKey, type Key } from "../random/key.ts";
import { threefryBlock } from "../random/threefry.ts";
import { filterBeliefs } from "./filter.ts";
import { readBelief } from "./token.ts";
import { transitionTable } from "./transition-table.ts";
import { emissionVectors, NEGATIVE } from "./update.ts";

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

/** Threefry words `0 .. 2 * blocks - 1` of sequence `index`: word `t` is half `t mod 2` of the block `(index, t div 2)`. */
function fillWords(key: Key, index: number, blocks: number, out: Uint32Array): void {
  const [k0, k1] = key;
  for (let block = 0; block < blocks; block++) threefryBlock(k0, k1, index, block, out, 2 * block);
}

/** Samples hidden paths by comparing each word with the thresholds of the current state: integers only. */
function sampleHiddenPaths(
  process: Process,
  options: Required<Pick<SampleOptions, "count" | "length" | "key" | "firstIndex">>,
  tokens: Int32Array,
  states: Int32Array | undefined,
): void {
  const { count, length, key, firstIndex } = options;
  const { shift, guide, last, token, nextRow, initialRow } = transitionTable(process);
  const bits = 32 - shift;
  const blocks = (length + 2) >> 1;
  const words = new Uint32Array(2 * blocks);
  const signed = new Int32Array(words.buffer);
  for (let i = 0, at = 0, stateAt = 0; i < count; i++) {
    fillWords(key, firstIndex + i, blocks, words);
    let row = initialRow;
    for (let t = 0; t <= length; t++) {
      const word = signed[t] ?? 0;
      const flipped = word ^ 0x80000000;
      let k = guide[row + (word >>> shift)] ?? 0;
      while (flipped > (last[k] ?? 0)) k++;
      row = nextRow[k] ?? 0;
      if (t > 0) tokens[at++] = token[k] ?? 0;
      if (states !== undefined) states[stateAt++] = row >>> bits;
    }
  }
}

function noProcess(problem: string, t: number, sequence: number): InvalidArgumentError {
  return new InvalidArgumentError({
    source: "sampleSequences",
    problem: `${problem} after ${t - 1} tokens of sequence ${sequence}`,
    remedy: "Check the operators: they do not define a process",
  });
}

/** Samples by belief in float64: the token is the first whose cumulative probability exceeds `(word + 1/2) / 2^32`. */
function sampleByBelief(
  process: Process,
  options: Required<Pick<SampleOptions, "count" | "length" | "key" | "firstIndex">>,
  tokens: Int32Array,
): void {
  const { count, length, key, firstIndex } = options;
  const emission = emissionVectors(process);
  const initial = readBelief("sampleSequences", process, process.initial);
  const belief = new Float64Array(process.stateDim);
  const weights = new Float64Array(emission.length);
  const blocks = (length + 2) >> 1;
  const words = new Uint32Array(2 * blocks);
  for (let i = 0, at = 0; i < count; i++) {
    fillWords(key, firstIndex + i, blocks, words);
    belief.set(initial);
    for (let t = 1; t <= length; t++) {
      let total = 0;
      emission.forEach((vector, x) => {
        const probability = dot(belief, vector);
        if (!(probability >= NEGATIVE)) throw noProcess(`token ${x} has probability ${probability}`, t, firstIndex + i);
        weights[x] = probability > IMPOSSIBLE ? probability : 0;
        total += weights[x] ?? 0;
      });
      let rest = (((words[t] ?? 0) + 0.5) / 2 ** 32) * total;
      let chosen = -1;
      for (let x = 0; x < weights.length && (chosen < 0 || rest >= 0); x++) {
        const weight = weights[x] ?? 0;
        if (weight === 0) continue;
        chosen = x;
        rest -= weight;
      }
      if (chosen < 0) throw noProcess("no token has a positive probability", t, firstIndex + i);
      process.step(belief, chosen, belief);
      tokens[at++] = chosen;
    }
  }
}

function checkCount(name: string, value: number, limit: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= limit) return;
  throw new InvalidArgumentError({
    source: "sampleSequences",
    problem: `${name} is ${value}`,
    remedy: `Give an integer from 0 to ${limit}`,
  });
}

/**
 * Random token sequences; sequence `i` is a pure function of `(process, key, firstIndex + i)` and a longer sequence extends a
 * shorter one.
 *
 * In an HMM, word `t` of sequence `i` (half `t mod 2` of the threefry block `(i, t div 2)`; word 0 picks the initial state)
 * is compared with precomputed 32-bit cumulative thresholds over (token, next state), so every engine draws the same
 * sequences; probabilities are exact to 2^-32. Other processes are sampled by belief in float64.
 *
 * @returns tokens `[count, length]`, on request states `[count, length + 1]` and beliefs `[count, length + 1, d]`
 * @throws InvalidArgumentError if `count`, `length`, `firstIndex` or `key` is out of range
 * @throws UnsupportedError if states are requested of a process that is not an HMM: it has no hidden states; or if the result
 * does not fit into memory
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
  checkCount("count", count, 2 ** 32);
  checkCount("length", length, 2 ** 31);
  checkCount("firstIndex", firstIndex, 2 ** 32 - count);
  checkCount("count * (length + 1)", count * (length + 1), 2 ** 31);
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
