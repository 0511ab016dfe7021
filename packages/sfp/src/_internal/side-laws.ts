/**
 * The laws of the two sides of a joint law: sums over rows and over columns, unchecked and not normalised.
 *
 * @param joint - `[dA * dC]`, the first side slowest
 */
export function sideLaws(
  joint: ArrayLike<number>,
  [dA, dC]: readonly [first: number, second: number],
): { readonly first: Float64Array; readonly second: Float64Array } {
  const [first, second] = [new Float64Array(dA), new Float64Array(dC)];
  for (let s = 0; s < dA * dC; s++) {
    const [a, c] = [Math.floor(s / dC), s % dC];
    first[a] = (first[a] ?? 0) + (joint[s] ?? 0);
    second[c] = (second[c] ?? 0) + (joint[s] ?? 0);
  }
  return { first, second };
}
