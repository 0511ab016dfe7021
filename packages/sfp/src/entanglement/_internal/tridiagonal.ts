import type { Square } from "./square.ts";

/** A Hermitian matrix as `Q T Q^dagger` with `T` real, symmetric and tridiagonal. */
export interface Tridiagonal {
  /** `T`, row-major `[n, n]`. */
  readonly matrix: Float64Array;
  /** `Q V` for a real `V`, row-major `[n, n]`: takes eigenvectors of `T`, as columns, to those of the Hermitian matrix. */
  back(vectors: Float64Array): { readonly re: Float64Array; readonly im: Float64Array };
}

/** Entries count as zero up to this fraction of the largest one: numbers and squares of subnormal size lose their digits. */
const NEGLIGIBLE = 1e-100;

/**
 * Householder reduction of a Hermitian matrix to a real tridiagonal one of the same size.
 *
 * Reflections `I - 2 v v^dagger` clear column after column below its subdiagonal; a diagonal matrix of phases then makes the
 * subdiagonal real. (The symmetric matrix `[[re, -im], [im, re]]` has every eigenvalue twice and costs eight times as much.)
 *
 * Source: Golub and Van Loan, "Matrix Computations", section 8.3.
 */
export function tridiagonalize(square: Square): Tridiagonal {
  const { n } = square;
  const re = square.re.slice();
  const im = square.im?.slice() ?? new Float64Array(n * n);
  const reflections: { readonly k: number; readonly x: Float64Array; readonly y: Float64Array }[] = [];
  const [p, q] = [new Float64Array(n), new Float64Array(n)];
  let largest = 0;
  for (let at = 0; at < re.length; at++) largest = Math.max(largest, Math.abs(re[at] ?? 0), Math.abs(im[at] ?? 0));
  const tiny = NEGLIGIBLE * largest;
  for (let k = 0; k + 2 < n; k++) {
    const [x, y] = [new Float64Array(n), new Float64Array(n)];
    let [length, below] = [0, 0];
    for (let i = k + 1; i < n; i++) {
      const [a, b] = [re[i * n + k] ?? 0, im[i * n + k] ?? 0];
      [x[i], y[i]] = [a, b];
      length += a * a + b * b;
      if (i > k + 1) below += a * a + b * b;
    }
    if (below <= tiny ** 2) continue;
    length = Math.sqrt(length);
    // v = x + e^(i phase) |x| e_1, with the phase of the first entry so that nothing cancels
    const [a, b] = [x[k + 1] ?? 0, y[k + 1] ?? 0];
    const size = Math.hypot(a, b);
    const [cos, sin] = size <= tiny ? [1, 0] : [a / size, b / size];
    x[k + 1] = a + cos * length;
    y[k + 1] = b + sin * length;
    const norm = Math.sqrt(below + (size + length) ** 2);
    for (let i = k + 1; i < n; i++) {
      x[i] = (x[i] ?? 0) / norm;
      y[i] = (y[i] ?? 0) / norm;
    }
    // p = A v over the remaining rows
    let overlap = 0;
    for (let i = k; i < n; i++) {
      let [real, imaginary] = [0, 0];
      for (let j = k + 1; j < n; j++) {
        const [c, d, e, f] = [re[i * n + j] ?? 0, im[i * n + j] ?? 0, x[j] ?? 0, y[j] ?? 0];
        real += c * e - d * f;
        imaginary += c * f + d * e;
      }
      [p[i], q[i]] = [real, imaginary];
      overlap += (x[i] ?? 0) * real + (y[i] ?? 0) * imaginary;
    }
    // q = p - (v^dagger p) v, and A - 2 v q^dagger - 2 q v^dagger
    for (let i = k; i < n; i++) {
      p[i] = (p[i] ?? 0) - overlap * (x[i] ?? 0);
      q[i] = (q[i] ?? 0) - overlap * (y[i] ?? 0);
    }
    for (let i = k; i < n; i++) {
      const [vr, vi, wr, wi] = [x[i] ?? 0, y[i] ?? 0, p[i] ?? 0, q[i] ?? 0];
      for (let j = k; j < n; j++) {
        const [xr, xi, ur, ui] = [x[j] ?? 0, y[j] ?? 0, p[j] ?? 0, q[j] ?? 0];
        const at = i * n + j;
        re[at] = (re[at] ?? 0) - 2 * (vr * ur + vi * ui + wr * xr + wi * xi);
        im[at] = (im[at] ?? 0) - 2 * (vi * ur - vr * ui + wi * xr - wr * xi);
      }
    }
    reflections.push({ k, x, y });
  }
  const matrix = new Float64Array(n * n);
  const phases = { re: new Float64Array(n).fill(1), im: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = re[i * n + i] ?? 0;
    if (i === 0) continue;
    const [a, b] = [re[i * n + i - 1] ?? 0, im[i * n + i - 1] ?? 0];
    const size = Math.hypot(a, b);
    matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = size <= tiny ? 0 : size;
    const [c, s] = size <= tiny ? [1, 0] : [a / size, b / size];
    const [u, v] = [phases.re[i - 1] ?? 1, phases.im[i - 1] ?? 0];
    phases.re[i] = u * c - v * s;
    phases.im[i] = u * s + v * c;
  }
  return { matrix, back: (vectors) => applied(vectors, n, phases, reflections) };
}

/** The phases and then the reflections, the last one first, on the columns of a real matrix. */
function applied(
  vectors: Float64Array,
  n: number,
  phases: { readonly re: Float64Array; readonly im: Float64Array },
  reflections: readonly { readonly k: number; readonly x: Float64Array; readonly y: Float64Array }[],
) {
  const re = vectors.map((value, at) => value * (phases.re[Math.floor(at / n)] ?? 1));
  const im = vectors.map((value, at) => value * (phases.im[Math.floor(at / n)] ?? 0));
  const [s, t] = [new Float64Array(n), new Float64Array(n)];
  for (const { k, x, y } of reflections.toReversed()) {
    s.fill(0);
    t.fill(0);
    for (let i = k + 1; i < n; i++) {
      const [a, b] = [x[i] ?? 0, y[i] ?? 0];
      for (let j = 0; j < n; j++) {
        const [c, d] = [re[i * n + j] ?? 0, im[i * n + j] ?? 0];
        s[j] = (s[j] ?? 0) + a * c + b * d;
        t[j] = (t[j] ?? 0) + a * d - b * c;
      }
    }
    for (let i = k + 1; i < n; i++) {
      const [a, b] = [x[i] ?? 0, y[i] ?? 0];
      for (let j = 0; j < n; j++) {
        const [c, d] = [s[j] ?? 0, t[j] ?? 0];
        re[i * n + j] = (re[i * n + j] ?? 0) - 2 * (a * c - b * d);
        im[i * n + j] = (im[i * n + j] ?? 0) - 2 * (a * d + b * c);
      }
    }
  }
  return { re, im };
}
