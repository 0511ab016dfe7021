import fc from "fast-check";
import type { Square } from "../_internal/square.ts";
import type { ComplexMatrix, Dimensions } from "../density-matrix.ts";

const draws = (count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: count, maxLength: count });

/** Random matrices, row-major `[n, m]`; half of them real. */
const matrix = (n: number, m: number): fc.Arbitrary<ComplexMatrix<Float64Array>> =>
  fc.tuple(draws(n * m), draws(n * m), fc.boolean()).map(([re, im, isReal]) => ({
    re: Float64Array.from(re),
    im: isReal ? new Float64Array(n * m) : Float64Array.from(im),
  }));

/** `sum_k x[i, k] conj(y[j, k])` over rows of length `m`. */
function timesAdjoint(x: ComplexMatrix, y: ComplexMatrix, n: number, m: number): ComplexMatrix<Float64Array> {
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < m; k++) {
        const [a, b] = [x.re[i * m + k] ?? 0, x.im[i * m + k] ?? 0];
        const [c, d] = [y.re[j * m + k] ?? 0, y.im[j * m + k] ?? 0];
        re[i * n + j] = (re[i * n + j] ?? 0) + a * c + b * d;
        im[i * n + j] = (im[i * n + j] ?? 0) + b * c - a * d;
      }
    }
  }
  return { re, im };
}

/** Random Hermitian matrices, with eigenvalues of both signs. */
export const hermitian = (n: number): fc.Arbitrary<Square> =>
  matrix(n, n).map(({ re, im }) => ({
    n,
    re: re.map((value, at) => (value + (re[(at % n) * n + Math.floor(at / n)] ?? 0)) / 2),
    im: im.map((value, at) => (value - (im[(at % n) * n + Math.floor(at / n)] ?? 0)) / 2),
  }));

/** Random complex density matrices of `C^n` and any rank, half of them real. */
export const density = (n: number): fc.Arbitrary<ComplexMatrix<Float64Array>> =>
  fc
    .integer({ min: 1, max: n })
    .chain((rank) => matrix(n, rank).map((x) => timesAdjoint(x, x, n, rank)))
    .map(({ re, im }) => {
      let trace = 0;
      for (let i = 0; i < n; i++) trace += re[i * n + i] ?? 0;
      return { re: re.map((value) => value / trace), im: im.map((value) => value / trace), trace };
    })
    .filter(({ trace }) => trace > 0.05)
    .map(({ re, im }) => ({ re, im }));

/** Random density matrices of two factors of dimension 1 to `max` each. */
export const bipartiteDensity = (max = 3) =>
  fc
    .tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }))
    .chain(([dA, dC]) => density(dA * dC).map((rho) => ({ rho, dimensions: [dA, dC] as Dimensions })));

/** Random unit vectors of `C^n`. */
export const unitVector = (n: number): fc.Arbitrary<ComplexMatrix<Float64Array>> =>
  matrix(n, 1)
    .map(({ re, im }) => ({ re, im, norm: Math.hypot(...re, ...im) }))
    .filter(({ norm }) => norm > 0.1)
    .map(({ re, im, norm }) => ({ re: re.map((value) => value / norm), im: im.map((value) => value / norm) }));

/** Random unitary matrices, row-major `[n, n]`: Gram-Schmidt of the rows of a random matrix. */
export const unitary = (n: number): fc.Arbitrary<ComplexMatrix<Float64Array>> =>
  fc
    .array(unitVector(n), { minLength: n, maxLength: n })
    .map((rows) => {
      const basis: ComplexMatrix<Float64Array>[] = [];
      let smallest = 1;
      for (const row of rows) {
        const [re, im] = [row.re.slice(), row.im.slice()];
        for (const other of basis) {
          let [a, b] = [0, 0];
          for (let k = 0; k < n; k++) {
            a += (other.re[k] ?? 0) * (re[k] ?? 0) + (other.im[k] ?? 0) * (im[k] ?? 0);
            b += (other.re[k] ?? 0) * (im[k] ?? 0) - (other.im[k] ?? 0) * (re[k] ?? 0);
          }
          for (let k = 0; k < n; k++) {
            const [c, d] = [other.re[k] ?? 0, other.im[k] ?? 0];
            re[k] = (re[k] ?? 0) - a * c + b * d;
            im[k] = (im[k] ?? 0) - a * d - b * c;
          }
        }
        const norm = Math.hypot(...re, ...im);
        smallest = Math.min(smallest, norm);
        basis.push({ re: re.map((value) => value / norm), im: im.map((value) => value / norm) });
      }
      return { basis, smallest };
    })
    .filter(({ smallest }) => smallest > 0.05)
    .map(({ basis }) => ({
      re: Float64Array.from(basis.flatMap(({ re }) => [...re])),
      im: Float64Array.from(basis.flatMap(({ im }) => [...im])),
    }));

/** `(a, c) -> a * dC + c`: the Kronecker product of complex matrices, `[dA, dA]` and `[dC, dC]`. */
export function complexKronecker(
  x: ComplexMatrix,
  dA: number,
  y: ComplexMatrix,
  dC: number,
): ComplexMatrix<Float64Array> {
  const d = dA * dC;
  const [re, im] = [new Float64Array(d * d), new Float64Array(d * d)];
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const at = Math.floor(i / dC) * dA + Math.floor(j / dC);
      const by = (i % dC) * dC + (j % dC);
      const [a, b, c, e] = [x.re[at] ?? 0, x.im[at] ?? 0, y.re[by] ?? 0, y.im[by] ?? 0];
      re[i * d + j] = a * c - b * e;
      im[i * d + j] = a * e + b * c;
    }
  }
  return { re, im };
}

/** `u rho u^dagger`. */
export function rotated(rho: ComplexMatrix, u: ComplexMatrix, n: number): ComplexMatrix<Float64Array> {
  // u rho u^dagger = (u rho) u^dagger, and u rho = u (rho^dagger)^dagger with rho Hermitian
  return timesAdjoint(timesAdjoint(u, rho, n, n), u, n, n);
}
