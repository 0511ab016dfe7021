/** A square complex matrix, row-major `[n, n]` real and imaginary parts. */
export interface ComplexSquare {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A zero matrix. */
export function complexZero(n: number): ComplexSquare {
  return { re: new Float64Array(n * n), im: new Float64Array(n * n) };
}

/** Adds the product `a b` to `out`. */
export function addComplexProduct(a: ComplexSquare, b: ComplexSquare, n: number, out: ComplexSquare): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const [re, im] = [a.re[i * n + k] ?? 0, a.im[i * n + k] ?? 0];
      if (re === 0 && im === 0) continue;
      for (let j = 0; j < n; j++) {
        const at = i * n + j;
        const [x, y] = [b.re[k * n + j] ?? 0, b.im[k * n + j] ?? 0];
        out.re[at] = (out.re[at] ?? 0) + re * x - im * y;
        out.im[at] = (out.im[at] ?? 0) + re * y + im * x;
      }
    }
  }
}

/** The product `a b`. */
export function complexProduct(a: ComplexSquare, b: ComplexSquare, n: number): ComplexSquare {
  const out = complexZero(n);
  addComplexProduct(a, b, n, out);
  return out;
}

/** The conjugate transpose. */
export function adjoint({ re, im }: ComplexSquare, n: number): ComplexSquare {
  const source = (at: number): number => (at % n) * n + Math.floor(at / n);
  return { re: re.map((_, at) => re[source(at)] ?? 0), im: im.map((_, at) => -(im[source(at)] ?? 0)) };
}

/** Real part of `tr(a b)`; the whole trace when both are Hermitian. */
export function realTraceOfProduct(a: ComplexSquare, b: ComplexSquare, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [at, across] = [i * n + j, j * n + i];
      sum += (a.re[at] ?? 0) * (b.re[across] ?? 0) - (a.im[at] ?? 0) * (b.im[across] ?? 0);
    }
  }
  return sum;
}
