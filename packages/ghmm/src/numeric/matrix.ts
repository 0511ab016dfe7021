/** Row-major `[rows, columns]` product with a row vector: `out[j] = sum_i x[i] m[i, j]`. */
export function vectorTimesMatrix(x: ArrayLike<number>, m: Float64Array, columns: number, out: Float64Array): void {
  out.fill(0, 0, columns);
  for (let i = 0, at = 0; i < x.length; i++, at += columns) {
    const weight = x[i] ?? 0;
    if (weight === 0) continue;
    for (let j = 0; j < columns; j++) out[j] = (out[j] ?? 0) + weight * (m[at + j] ?? 0);
  }
}

/** Row-major `[rows, columns]` product with a column vector: `y[i] = sum_j m[i, j] x[j]`, `[rows]`. */
export function matrixTimesVector(m: Float64Array, x: ArrayLike<number>): Float64Array {
  const columns = x.length;
  const out = new Float64Array(columns === 0 ? 0 : m.length / columns);
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++, at++) sum += (m[at] ?? 0) * (x[j] ?? 0);
    out[i] = sum;
  }
  return out;
}

/** Inner product of two vectors of the same length. */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0);
  return sum;
}

/** Row-major product `[rows, inner] x [inner, columns]`. */
export function multiply(a: Float64Array, b: Float64Array, inner: number): Float64Array {
  const rows = a.length / inner;
  const columns = b.length / inner;
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    vectorTimesMatrix(a.subarray(i * inner, (i + 1) * inner), b, columns, out.subarray(i * columns, (i + 1) * columns));
  }
  return out;
}

/**
 * Kronecker product of square row-major matrices, joint index `(a, c) -> a * dC + c`.
 *
 * @returns `[dA * dC, dA * dC]`
 */
export function kronecker(a: Float64Array, dA: number, c: Float64Array, dC: number): Float64Array {
  const d = dA * dC;
  const out = new Float64Array(d * d);
  for (let i = 0; i < dA; i++) {
    for (let j = 0; j < dA; j++) {
      const weight = a[i * dA + j] ?? 0;
      if (weight === 0) continue;
      for (let k = 0; k < dC; k++) {
        for (let l = 0; l < dC; l++) out[(i * dC + k) * d + j * dC + l] = weight * (c[k * dC + l] ?? 0);
      }
    }
  }
  return out;
}

/** Outer product flattened with the joint index `(a, c) -> a * dC + c`. */
export function kroneckerVector(a: ArrayLike<number>, c: ArrayLike<number>): Float64Array {
  const out = new Float64Array(a.length * c.length);
  for (let i = 0; i < a.length; i++) {
    for (let k = 0; k < c.length; k++) out[i * c.length + k] = (a[i] ?? 0) * (c[k] ?? 0);
  }
  return out;
}
