import type { ComplexSquare } from "../numeric/complex-matrix.ts";
import { singularValueDecomposition } from "../numeric/decompose.ts";
import { InvalidArgumentError, NotNormalizedError } from "../numeric/errors.ts";
import { TOLERANCE } from "./validate.ts";

/** Throws unless the matrix is Hermitian, positive semidefinite and of trace one. */
export function checkDensity(source: string, { re, im }: ComplexSquare, n: number): void {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += re[i * n + i] ?? 0;
  re.forEach((value, at) => {
    const across = (at % n) * n + Math.floor(at / n);
    const off = Math.max(Math.abs(value - (re[across] ?? 0)), Math.abs((im[at] ?? 0) + (im[across] ?? 0)));
    if (off <= TOLERANCE) return;
    throw new InvalidArgumentError({
      source,
      problem: `entry [${Math.floor(at / n)}, ${at % n}] of initial differs by ${off} from the conjugate across the diagonal`,
      remedy: "Give a Hermitian matrix",
    });
  });
  if (Math.abs(trace - 1) > TOLERANCE) {
    throw new NotNormalizedError({
      source,
      problem: `initial has trace ${trace}`,
      remedy: "Give a density matrix of trace 1",
    });
  }
  // [[re, -im], [im, re]] has each eigenvalue twice; their absolute values exceed the trace by twice the negative ones
  const real = Float64Array.from({ length: 4 * n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / (2 * n)), at % (2 * n)];
    const entry = (i % n) * n + (j % n);
    return i < n === j < n ? (re[entry] ?? 0) : i < n ? -(im[entry] ?? 0) : (im[entry] ?? 0);
  });
  const { values } = singularValueDecomposition(real, [2 * n, 2 * n]);
  const negative = (trace - values.reduce((sum, value) => sum + value, 0) / 2) / 2;
  if (negative >= -TOLERANCE) return;
  throw new InvalidArgumentError({
    source,
    problem: `the negative eigenvalues of initial sum to ${negative}`,
    remedy: "Give a positive semidefinite matrix",
  });
}
