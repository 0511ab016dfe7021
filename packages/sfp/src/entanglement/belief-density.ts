import { type KrausFactor, NotNormalizedError, type Process, UnsupportedError } from "@semifactor/ghmm";
import { checkProcess, dot, hermitianBasis } from "@semifactor/ghmm/internal";
import { checkFinite, checkLength } from "../_internal/checks.ts";
import { readDensity } from "./_internal/read-density.ts";
import type { ComplexMatrix, DensityOptions } from "./density-matrix.ts";

type Matrix = ComplexMatrix<Float64Array>;

const zero = (n: number): Matrix => ({ re: new Float64Array(n * n), im: new Float64Array(n * n) });

/** The matrices `D_i` with `rho = sum_i r_i D_i` of the coordinates of a factor. */
function dualBasis({ dimension: n, coordinates }: KrausFactor): readonly Matrix[] {
  if (coordinates === "hermitian") {
    return hermitianBasis(n).map(({ re, im }) => ({ re: re.map((x) => x / n), im: im.map((y) => y / n) }));
  }
  if (coordinates === "bloch-xz") {
    const [one, x, z] = [
      [0.5, 0, 0, 0.5],
      [0, 0.5, 0.5, 0],
      [0.5, 0, 0, -0.5],
    ];
    return [one, x, z].map((re) => ({ re: Float64Array.from(re ?? []), im: new Float64Array(4) }));
  }
  return Array.from({ length: n }, (_, s) => {
    const unit = zero(n);
    unit.re[s * n + s] = 1;
    return unit;
  });
}

/** Adds `a (x) c` to `out`. */
function addProduct(a: Matrix, dA: number, c: Matrix, dC: number, out: Matrix): void {
  const d = dA * dC;
  for (let i = 0; i < dA; i++) {
    for (let j = 0; j < dA; j++) {
      const [x, y] = [a.re[i * dA + j] ?? 0, a.im[i * dA + j] ?? 0];
      if (x === 0 && y === 0) continue;
      for (let k = 0; k < dC; k++) {
        for (let l = 0; l < dC; l++) {
          const at = (i * dC + k) * d + j * dC + l;
          const [u, v] = [c.re[k * dC + l] ?? 0, c.im[k * dC + l] ?? 0];
          out.re[at] = (out.re[at] ?? 0) + x * u - y * v;
          out.im[at] = (out.im[at] ?? 0) + x * v + y * u;
        }
      }
    }
  }
}

/** The matrix of coordinates over the product of the factors' bases, the first factor slowest. */
function matrixOf(
  coordinates: Float64Array,
  factors: readonly KrausFactor[],
): { readonly n: number; readonly rho: Matrix } {
  const [first, ...rest] = factors;
  if (first === undefined) return { n: 1, rho: { re: coordinates.slice(0, 1), im: new Float64Array(1) } };
  const basis = dualBasis(first);
  const size = coordinates.length / basis.length;
  let [n, rho] = [0, zero(0)];
  basis.forEach((matrix, i) => {
    const inner = matrixOf(coordinates.subarray(i * size, (i + 1) * size), rest);
    if (n === 0) [n, rho] = [first.dimension * inner.n, zero(first.dimension * inner.n)];
    addProduct(matrix, first.dimension, inner.rho, inner.n, rho);
  });
  return { n, rho };
}

/**
 * The density matrix that a belief of a quantum process is: of `createKraus`, `tomQuantum`, and tensor products of such and of HMMs.
 *
 * Here entanglement is meant literally: the belief is the state of a quantum system, not a classical distribution embedded as one.
 * Products of instruments keep products: a belief of `tensorProduct` of two Bloch walks is never entangled.
 *
 * @param process - a process with a `kraus` certificate that records its coordinates
 * @param belief - `[d]`, such as `process.initial` or what `beliefState` returns
 * @returns complex `[n, n]` with `n` the dimension of the Hilbert space, the first factor slowest
 * @throws UnsupportedError if the process has no such certificate, as after `changeBasis`
 * @throws ShapeError if the belief has another length; InvalidArgumentError if an entry is not finite or the matrix has a negative
 * eigenvalue; NotNormalizedError if `belief . w` is not one
 * @example
 * ```ts
 * import { beliefState, tensorProduct, tomQuantum } from "@semifactor/ghmm";
 * import { beliefDensity, negativity } from "@semifactor/sfp";
 *
 * const walk = tomQuantum({ alpha: 1, beta: 3 });
 * const pair = tensorProduct(walk, walk);
 * const rho = beliefDensity(pair, beliefState(pair, [0, 9]));
 * expect(rho.re.length).toBe(16);
 * expect(negativity(rho, [2, 2])).toBeCloseTo(0, 14);
 * ```
 */
export function beliefDensity(
  process: Process,
  belief: ArrayLike<number>,
  options: DensityOptions = {},
): ComplexMatrix<Float64Array> {
  const source = "beliefDensity";
  checkProcess(source, "process", process);
  const { certificate, stateDim, normalizer } = process;
  const factors = certificate.kind === "kraus" ? (certificate.factors ?? []) : [];
  const sizeOf = ({ dimension, coordinates }: KrausFactor): number =>
    coordinates === "hermitian" ? dimension ** 2 : coordinates === "bloch-xz" ? 3 : dimension;
  const size = factors.reduce((product, factor) => product * sizeOf(factor), 1);
  if (factors.length === 0 || size !== stateDim) {
    const what = certificate.kind === "kraus" ? "does not say how its state is a density matrix" : "is no instrument";
    throw new UnsupportedError({
      source,
      problem: `the process has the certificate "${certificate.kind}" and ${what}`,
      remedy: "Give a process of createKraus or tomQuantum, or a tensor product of such, in its own coordinates",
    });
  }
  checkLength(source, "belief", belief, stateDim);
  checkFinite(source, "belief", belief);
  const norm = dot(belief, normalizer);
  if (!(Math.abs(norm - 1) <= 1e-9)) {
    throw new NotNormalizedError({
      source,
      problem: `belief . normalizer is ${norm}`,
      remedy: "Divide the belief by that number",
    });
  }
  const { rho } = matrixOf(Float64Array.from(belief), factors);
  readDensity(source, rho, options);
  return rho;
}
