import { type EntropyOptions, unitsPerNat } from "../numeric/entropy.ts";
import type { Process } from "../process/process.ts";
import { readBelief, tokenAt } from "./token.ts";

/** Calls `visit` with `P(x_t | x_1 .. x_{t-1})` for every token, until one is impossible. */
function scan(source: string, process: Process, word: ArrayLike<number>, visit: (probability: number) => void): void {
  for (let position = 0; position < word.length; position++) tokenAt(source, process, word, position);
  const belief = readBelief(source, process, process.initial);
  for (let position = 0; position < word.length; position++) {
    const probability = process.step(belief, word[position] ?? 0, belief);
    visit(probability);
    if (probability === 0) return;
  }
}

/**
 * The probability of a word, `P(x_1 .. x_L) = eta0 T^{x_1} ... T^{x_L} w`; 0 if the process cannot emit it, 1 if it is empty.
 *
 * A token whose conditional probability is at most 1e-12 counts as impossible, as in {@link Process.step}.
 * Underflows for very long words: use {@link logWordProbability} there.
 *
 * @throws InvalidArgumentError if a token is out of range
 * @example
 * ```ts
 * import { wordProbability, zeroOneRandom } from "@semifactor/ghmm";
 *
 * expect(wordProbability(zeroOneRandom({ p: 0.5 }), [1, 0, 0, 1, 1, 0])).toBeCloseTo(1 / 12, 14);
 * expect(wordProbability(zeroOneRandom({ p: 0.5 }), [0, 0, 0])).toBe(0);
 * ```
 */
export function wordProbability(process: Process, word: ArrayLike<number>): number {
  let product = 1;
  scan("wordProbability", process, word, (probability) => {
    product *= probability;
  });
  return product;
}

/**
 * The logarithm of a word's probability, in nats unless `unit` says bits: a sum of conditional terms that cannot underflow.
 *
 * Holds for signed processes too. An impossible word (see {@link wordProbability}) gives `-Infinity`.
 *
 * @throws InvalidArgumentError if a token is out of range
 * @example
 * ```ts
 * import { coin, logWordProbability } from "@semifactor/ghmm";
 *
 * const word = new Uint8Array(5000);
 * expect(logWordProbability(coin({ p: 0.5 }), word, { unit: "bits" })).toBe(-5000);
 * ```
 */
export function logWordProbability(process: Process, word: ArrayLike<number>, options: EntropyOptions = {}): number {
  const scale = unitsPerNat("logWordProbability", options.unit ?? "nats");
  let sum = 0;
  scan("logWordProbability", process, word, (probability) => {
    sum += scale === 1 ? Math.log(probability) : Math.log2(probability);
  });
  return sum;
}
