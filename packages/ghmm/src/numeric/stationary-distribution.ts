/**
 * The stationary distribution `pi W = pi` of an irreducible stochastic matrix, by the elimination of Grassmann, Taksar and
 * Heyman: no subtractions, so that every entry has full relative precision, however small. The period does not matter.
 *
 * The diagonal is not used, and rows that sum to slightly less than one are taken for rounding.
 *
 * @param matrix - row-major `[n, n]`, irreducible, not changed
 * @returns `[n]`
 */
export function stationaryDistribution(matrix: Float64Array, n: number): Float64Array {
  const w = matrix.slice();
  for (let k = n - 1; k > 0; k--) {
    let out = 0;
    for (let j = 0; j < k; j++) out += w[k * n + j] ?? 0;
    for (let i = 0; i < k; i++) {
      const into = w[i * n + k] ?? 0;
      if (into === 0) continue;
      const share = into / out;
      w[i * n + k] = share;
      for (let j = 0; j < k; j++) w[i * n + j] = (w[i * n + j] ?? 0) + share * (w[k * n + j] ?? 0);
    }
  }
  const pi = new Float64Array(n);
  pi[0] = 1;
  let total = 1;
  for (let k = 1; k < n; k++) {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += (pi[i] ?? 0) * (w[i * n + k] ?? 0);
    pi[k] = sum;
    total += sum;
  }
  return pi.map((value) => value / total);
}
