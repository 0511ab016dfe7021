import { symmetricEigen } from "@semifactor/ghmm/internal";
import type { Square } from "./read-density.ts";

/** The symmetric matrix `[[re, -im], [im, re]]`, `[2 n, 2 n]`: it has every eigenvalue of the Hermitian one twice. */
function embedding({ n, re, im }: Square): Float64Array {
  const out = new Float64Array(4 * n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [real, imaginary] = [re[i * n + j] ?? 0, im?.[i * n + j] ?? 0];
      out[i * 2 * n + j] = real;
      out[(i + n) * 2 * n + j + n] = real;
      out[i * 2 * n + j + n] = -imaginary;
      out[(i + n) * 2 * n + j] = imaginary;
    }
  }
  return out;
}

/** Eigenvalues of a Hermitian matrix, `[n]`, largest first. */
export function hermitianEigenvalues(square: Square): Float64Array {
  const { n, re, im } = square;
  if (im === undefined) return symmetricEigen(re, n).values;
  const { values } = symmetricEigen(embedding(square), 2 * n);
  return Float64Array.from({ length: n }, (_, i) => ((values[2 * i] ?? 0) + (values[2 * i + 1] ?? 0)) / 2);
}
