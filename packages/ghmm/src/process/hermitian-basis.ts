import { type ComplexSquare, complexZero } from "../numeric/complex-matrix.ts";

/**
 * A basis `B_0, B_1, ...` of the Hermitian `n x n` matrices with `tr(B_i B_j) = n` if `i = j`, else 0: the identity, then for
 * each pair of levels `j < k` a symmetric and an antisymmetric matrix, then `n - 1` diagonal ones. Pauli's `I, x, y, z` for
 * `n = 2`; otherwise Gell-Mann's matrices, rescaled.
 */
export function hermitianBasis(n: number): readonly ComplexSquare[] {
  const identity = complexZero(n);
  for (let i = 0; i < n; i++) identity.re[i * n + i] = 1;
  const basis = [identity];
  for (let j = 0; j < n; j++) {
    for (let k = j + 1; k < n; k++) {
      const [symmetric, antisymmetric] = [complexZero(n), complexZero(n)];
      symmetric.re[j * n + k] = symmetric.re[k * n + j] = Math.sqrt(n / 2);
      antisymmetric.im[j * n + k] = -Math.sqrt(n / 2);
      antisymmetric.im[k * n + j] = Math.sqrt(n / 2);
      basis.push(symmetric, antisymmetric);
    }
  }
  for (let level = 1; level < n; level++) {
    const diagonal = complexZero(n);
    const scale = Math.sqrt(n / (level * (level + 1)));
    for (let i = 0; i < level; i++) diagonal.re[i * n + i] = scale;
    diagonal.re[level * n + level] = -level * scale;
    basis.push(diagonal);
  }
  return basis;
}
