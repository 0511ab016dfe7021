import { shannonEntropy } from "@semifactor/ghmm";

/** H2(p) in bits. */
export function binaryEntropy(p: number): number {
  return shannonEntropy([p, 1 - p]);
}

/**
 * Entropy in bits of the two eigenvalues of a Gram matrix `[[aa, ac], [ac, cc]]` over its trace: the operator-Schmidt entropy of
 * `E_00 (x) A + E_11 (x) C`, of which they are the squared coefficients (T31).
 */
export function gramEntropy(aa: number, ac: number, cc: number): number {
  const trace = aa + cc;
  if (trace === 0) return 0;
  const gap = Math.sqrt((aa - cc) ** 2 + 4 * ac ** 2) / trace;
  return binaryEntropy((1 + Math.min(1, gap)) / 2);
}

/** `sum of squares of multiplicities`: the commutant dimension of blocks of which some are the same. */
export function squaredMultiplicities(keys: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + count ** 2, 0);
}

/** Entropy in bits of weights after those with the same key are added. */
export function mergedEntropy(keys: readonly string[], weights: readonly number[]): number {
  const merged = new Map<string, number>();
  keys.forEach((key, i) => {
    merged.set(key, (merged.get(key) ?? 0) + (weights[i] ?? 0));
  });
  return shannonEntropy([...merged.values()]);
}
