import type { Dimensions } from "../density-matrix.ts";
import { realigned } from "../realignment.ts";
import type { Square } from "./square.ts";

interface Parts {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * Coordinates of `[before, d * d, after]` arrays over matrix units, changed to those over the Hermitian matrices
 * `(E_jk + E_kj) / sqrt 2` (in the place of `E_jk`, `j < k`), `i (E_kj - E_jk) / sqrt 2` (in that of `E_kj`) and `E_jj`; or back.
 */
function turn({ re, im }: Parts, before: number, d: number, after: number, back: boolean): void {
  const r = Math.SQRT1_2;
  for (let l = 0; l < before; l++) {
    for (let j = 0; j < d; j++) {
      for (let k = j + 1; k < d; k++) {
        for (let m = 0; m < after; m++) {
          const p = (l * d * d + j * d + k) * after + m;
          const q = (l * d * d + k * d + j) * after + m;
          const [a, b, c, e] = [re[p] ?? 0, im[p] ?? 0, re[q] ?? 0, im[q] ?? 0];
          if (back) {
            // x = (s - i t) / sqrt 2, y = (s + i t) / sqrt 2
            [re[p], im[p], re[q], im[q]] = [r * (a + e), r * (b - c), r * (a - e), r * (b + c)];
          } else {
            // s = (x + y) / sqrt 2, t = i (x - y) / sqrt 2
            [re[p], im[p], re[q], im[q]] = [r * (a + c), r * (b + e), r * (e - b), r * (a - c)];
          }
        }
      }
    }
  }
}

/**
 * The correlations `C[i, j] = tr(rho G_i (x) G_j)` of a Hermitian matrix over orthonormal Hermitian matrices of the two factors, real
 * `[dA^2, dC^2]`: unitarily equivalent to the realignment, so it has the same singular values.
 */
export function hermitianCorrelations(square: Square, dimensions: Dimensions): Float64Array {
  const [dA, dC] = dimensions;
  const { re, im = new Float64Array(re.length) } = realigned(square, dimensions);
  turn({ re, im }, 1, dA, dC * dC, false);
  turn({ re, im }, dA * dA, dC, 1, false);
  return re;
}

/** The Hermitian matrix `sum_ij C[i, j] G_i (x) G_j`: the inverse of {@link hermitianCorrelations}. */
export function fromCorrelations(correlations: Float64Array, [dA, dC]: Dimensions): Parts {
  const re = correlations.slice();
  const im = new Float64Array(re.length);
  turn({ re, im }, 1, dA, dC * dC, true);
  turn({ re, im }, dA * dA, dC, 1, true);
  const n = dA * dC;
  const out = { re: new Float64Array(n * n), im: new Float64Array(n * n) };
  let at = 0;
  for (let a = 0; a < dA; a++) {
    for (let aTo = 0; aTo < dA; aTo++) {
      for (let c = 0; c < dC; c++) {
        for (let cTo = 0; cTo < dC; cTo++, at++) {
          const to = (a * dC + c) * n + aTo * dC + cTo;
          [out.re[to], out.im[to]] = [re[at] ?? 0, im[at] ?? 0];
        }
      }
    }
  }
  return out;
}
