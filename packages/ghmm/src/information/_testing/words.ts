import { wordProbability } from "../../belief/probability.ts";
import { multiply } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";

const log2 = (p: number): number => (p > 0 ? Math.log2(p) : 0);

/** `H(L)` in bits by listing all words. */
export function listedBlockEntropy(process: Process, length: number): number {
  const walk = (word: readonly number[]): number => {
    const probability = wordProbability(process, word);
    if (probability <= 0) return 0;
    if (word.length === length) return -probability * log2(probability);
    return process.alphabet.reduce((sum, _, x) => sum + walk([...word, x]), 0);
  };
  return walk([]);
}

/** `chi(L) = H[S_0 | X_1 .. X_L, S_L]` in bits by listing all words and pairs of states; for an HMM. */
export function listedCrypticity(process: Process, length: number): number {
  const d = process.stateDim;
  const operators = process.alphabet.map((_, x) => process.operator(x));
  const walk = (paths: Float64Array, left: number): number => {
    if (paths.every((p) => p === 0)) return 0;
    if (left > 0) return operators.reduce((sum, operator) => sum + walk(multiply(paths, operator, d), left - 1), 0);
    let sum = 0;
    for (let to = 0; to < d; to++) {
      let total = 0;
      for (let from = 0; from < d; from++) total += paths[from * d + to] ?? 0;
      for (let from = 0; from < d; from++) {
        const p = paths[from * d + to] ?? 0;
        if (p > 0) sum -= p * log2(p / total);
      }
    }
    return sum;
  };
  const start = Float64Array.from({ length: d * d }, (_, at) => {
    return at % (d + 1) === 0 ? (process.initial[at % d] ?? 0) : 0;
  });
  return walk(start, length);
}
