/**
 * The bound entangled tile state of 3 x 3: `(I - sum_k psi_k psi_k^T) / 4` over the five orthogonal product vectors `|0>(|0> -
 * |1>)`, `|2>(|1> - |2>)`, `(|0> - |1>)|2>`, `(|1> - |2>)|0>` (over sqrt 2) and `(|0> + |1> + |2>)(|0> + |1> + |2>) / 3`, to which
 * no other product vector is orthogonal. Its partial transpose is positive.
 *
 * Source: Bennett et al., "Unextendible product bases and bound entanglement", Phys. Rev. Lett. 82, 5385 (1999).
 */
export function tileState(): Float64Array {
  const tiles = tileVectors();
  return Float64Array.from({ length: 81 }, (_, at) => {
    const [i, j] = [Math.floor(at / 9), at % 9];
    const projected = tiles.reduce((sum, tile) => sum + (tile[i] ?? 0) * (tile[j] ?? 0), 0);
    return ((i === j ? 1 : 0) - projected) / 4;
  });
}

/** The five product vectors, `[9]` each. */
export function tileVectors(): readonly (readonly number[])[] {
  const r = Math.SQRT1_2;
  const product = (a: readonly number[], c: readonly number[]) => a.flatMap((x) => c.map((y) => x * y));
  const [zero, two] = [
    [1, 0, 0],
    [0, 0, 1],
  ] as const;
  const [left, right] = [
    [r, -r, 0],
    [0, r, -r],
  ] as const;
  const even = [1, 1, 1].map((value) => value / Math.sqrt(3));
  return [product(zero, left), product(two, right), product(left, two), product(right, zero), product(even, even)];
}
