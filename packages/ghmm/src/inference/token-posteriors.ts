import { impossible, readBelief } from "../belief/token.ts";
import { allocate } from "../numeric/allocate.ts";
import { vectorTimesMatrix } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { readTokens } from "./_internal/read-tokens.ts";
import { operatorsOf, scaledBackward } from "./backward-vectors.ts";

/**
 * The distribution of each token of a word given all the others, before and after it:
 * `P(X_t = x | x_1 .. x_{t-1}, x_{t+1} .. x_L)`, proportional to `b(x_1 .. x_{t-1}) T^x T^{x_{t+1}} ... T^{x_L} w`.
 *
 * The two-sided counterpart of {@link nextTokenDistribution}; it speaks of tokens only, so signed processes have it too.
 * Rounding below zero is returned as 0.
 *
 * @param word - tokens `[L]`
 * @returns row-major `[length, V]`, rows sum to 1
 * @throws InvalidArgumentError if a token is out of range
 * @throws ZeroProbabilityError if the word is impossible; it names the position and the token
 * @throws UnsupportedError if the result does not fit into memory
 * @example
 * ```ts
 * import { goldenMean, tokenPosteriors } from "@semifactor/ghmm";
 *
 * // Between a 1 and anything, the golden mean process has a 0; between two zeros, a 1 in two cases of three.
 * const posteriors = tokenPosteriors(goldenMean({ p: 0.5 }), [0, 0, 0, 1, 0]);
 * expect(posteriors[1 * 2 + 1]).toBeCloseTo(2 / 3, 12);
 * expect(posteriors[4 * 2 + 0]).toBe(1);
 * ```
 */
export function tokenPosteriors(process: Process, word: ArrayLike<number>): Float64Array {
  const source = "tokenPosteriors";
  const { stateDim: d } = process;
  const size = process.alphabet.length;
  readTokens(source, process, word);
  const belief = readBelief(source, process, process.initial);
  for (let t = 0; t < word.length; t++) {
    const token = word[t] ?? 0;
    if (process.step(belief, token, belief) === 0) throw impossible(source, process, t, token);
  }
  const operators = operatorsOf(process);
  const { vectors, length } = scaledBackward(source, process, word, operators);
  const out = allocate(source, Float64Array, length * size);
  belief.set(readBelief(source, process, process.initial));
  const next = new Float64Array(d);
  for (let t = 0; t < length; t++) {
    let total = 0;
    operators.matrices.forEach((matrix, x) => {
      vectorTimesMatrix(belief, matrix, d, next);
      let weight = 0;
      for (let s = 0, at = (t + 1) * d; s < d; s++, at++) weight += (next[s] ?? 0) * (vectors[at] ?? 0);
      out[t * size + x] = Math.max(0, weight);
      total += Math.max(0, weight);
    });
    const token = word[t] ?? 0;
    if (process.step(belief, token, belief) === 0 || !(total > 0)) throw impossible(source, process, t, token);
    for (let at = t * size; at < (t + 1) * size; at++) out[at] = (out[at] ?? 0) / total;
  }
  return out;
}
