import { impossible } from "../belief/token.ts";
import { allocate } from "../numeric/allocate.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { checkKey, foldIn, type Key } from "../random/key.ts";
import { threefryBlock } from "../random/threefry.ts";
import { hiddenMarkov } from "./_internal/hidden-markov.ts";
import { readTokens } from "./_internal/read-tokens.ts";
import { forwardPass } from "./_internal/smoothing.ts";

/** What {@link samplePaths} takes. */
export interface SamplePathsOptions {
  /** Number of paths. */
  readonly count: number;
  /** Key of all paths: path `i` depends on `key` and `i` only. */
  readonly key: Key;
}

/** What {@link samplePaths} returns. */
export interface SampledPaths {
  /** `s_0 .. s_L` of each path, row-major `[count, length + 1]`. */
  readonly states: Int32Array;
  readonly count: number;
  readonly length: number;
}

const MOST_PATHS = 2 ** 31;

/**
 * Independent hidden paths of an HMM from their posterior given a word, `P(s_0 .. s_L | x_1 .. x_L)`.
 *
 * Filters forward, then draws `s_L` from the last belief and each earlier state from `P(s_t | s_{t+1}, x_1 .. x_{t+1})`, which is
 * proportional to `b_t[s] T^{x_{t+1}}[s, s_{t+1}]`; one 32-bit draw a state. Path `i` is a pure function of the process, the
 * word, `key` and `i`.
 *
 * @param word - tokens `[L]`
 * @throws UnsupportedError if the process is not an HMM, or the result does not fit into memory
 * @throws InvalidArgumentError if a token, `count` or `key` is out of range
 * @throws ZeroProbabilityError if the word is impossible; it names the position and the token
 * @example
 * ```ts
 * import { createKey, samplePaths, zeroOneRandom } from "@semifactor/ghmm";
 *
 * // "100" has one hidden path, "10" has two.
 * const process = zeroOneRandom({ p: 0.5 });
 * expect(Array.from(samplePaths(process, [1, 0, 0], { count: 1, key: createKey(0) }).states)).toEqual([1, 2, 0, 1]);
 * const { states } = samplePaths(process, [1, 0], { count: 100, key: createKey(0) });
 * const fromSecond = states.filter((state, i) => i % 3 === 0 && state === 1).length;
 * expect(Math.abs(fromSecond - 50)).toBeLessThan(20);
 * ```
 */
export function samplePaths(process: Process, word: ArrayLike<number>, options: SamplePathsOptions): SampledPaths {
  const source = "samplePaths";
  const { count, key } = options;
  checkKey(source, key);
  const model = hiddenMarkov(source, process);
  const { stateDim: d, transitions } = model;
  const tokens = readTokens(source, process, word);
  const length = tokens.length;
  if (!Number.isInteger(count) || count < 0 || count * (length + 1) > MOST_PATHS) {
    throw new InvalidArgumentError({
      source,
      problem: `count is ${count} for words of ${length} tokens`,
      remedy: `Give a non-negative integer with count * (length + 1) at most ${MOST_PATHS}`,
    });
  }
  const states = allocate(source, Int32Array, count * (length + 1));
  const beliefs = allocate(source, Float64Array, (length + 1) * d);
  const probabilities = allocate(source, Float64Array, length);
  const position = forwardPass(model, { tokens, start: 0, length }, IMPOSSIBLE, beliefs, probabilities);
  if (position !== -1) throw impossible(source, process, position, tokens[position] ?? 0);
  const weights = new Float64Array(d);
  const block = new Uint32Array(2);
  for (let i = 0; i < count; i++) {
    const [k0, k1] = foldIn(key, i);
    const row = i * (length + 1);
    for (let t = length, next = 0; t >= 0; t--) {
      for (let s = 0; s < d; s++) {
        const step = t === length ? 1 : (transitions[((tokens[t] ?? 0) * d + s) * d + next] ?? 0);
        weights[s] = (beliefs[t * d + s] ?? 0) * step;
      }
      threefryBlock(k0, k1, 0, t, block, 0);
      next = chooseIndex(weights, ((block[0] ?? 0) + 0.5) / 2 ** 32);
      states[row + t] = next;
    }
  }
  return { states, count, length };
}

/** The first index whose cumulative weight exceeds `u` times the total; never one of weight 0. */
function chooseIndex(weights: Float64Array, u: number): number {
  let total = 0;
  for (let s = 0; s < weights.length; s++) total += weights[s] ?? 0;
  let rest = u * total;
  let chosen = 0;
  for (let s = 0; s < weights.length; s++) {
    const weight = weights[s] ?? 0;
    if (weight === 0) continue;
    chosen = s;
    rest -= weight;
    if (rest < 0) break;
  }
  return chosen;
}
