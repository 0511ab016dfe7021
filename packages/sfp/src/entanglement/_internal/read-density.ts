import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkFinite, checkInteger, checkLength, checkRange } from "../../_internal/checks.ts";
import type { ComplexMatrix, DensityMatrix, DensityOptions, Dimensions } from "../density-matrix.ts";
import { hermitianEigenvalues } from "./hermitian-eigen.ts";
import type { Square } from "./square.ts";

/** Largest rounding accepted of a density matrix. */
export const DENSITY_TOLERANCE = 1e-9;

/** Eigenvalues at or below this count as zero. */
export const SPECTRUM_CLIP = 1e-14;

/** Largest dimension of a matrix: 128 MiB. */
const LARGEST_DIMENSION = 4096;

/** Whether a matrix, or vector, has an imaginary part. */
export function isComplex(given: DensityMatrix): given is ComplexMatrix {
  return typeof given === "object" && given !== null && "re" in given;
}

/** The matrix in the form that it was given in: an array, or real and imaginary parts. */
export function written({ re, im }: Pick<Square, "re" | "im">): Float64Array | ComplexMatrix<Float64Array> {
  return im === undefined ? re : { re, im };
}

/** Checks `[dA, dC]` against the number of states. */
export function checkDimensions(source: string, dimensions: Dimensions, states: number): void {
  checkList(source, "dimensions", dimensions);
  checkLength(source, "dimensions", dimensions, 2);
  checkInteger(source, "dimensions[0]", dimensions[0], 1, LARGEST_DIMENSION ** 2);
  checkInteger(source, "dimensions[1]", dimensions[1], 1, LARGEST_DIMENSION ** 2);
  const product = dimensions[0] * dimensions[1];
  if (product === states) return;
  throw new ShapeError({
    source,
    problem: `dimensions [${dimensions.join(", ")}] multiply to ${product} and there are ${states} states`,
    remedy: `Give the two dimensions of the factors, with product ${states}`,
  });
}

function readPart(source: string, name: string, part: ArrayLike<number>, n: number): Float64Array {
  checkList(source, name, part);
  checkLength(source, name, part, n * n);
  const copy = Float64Array.from({ length: n * n }, (_, at) => {
    const value = part[at];
    return typeof value === "number" ? value : Number.NaN;
  });
  const bad = copy.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return copy;
  throw new InvalidArgumentError({
    source,
    problem: `${name}[${Math.floor(bad / n)}, ${bad % n}] is ${copy[bad]}`,
    remedy: "Give finite numbers only",
  });
}

/** Checks that a matrix is square and finite, and copies it. */
export function readSquareMatrix(source: string, name: string, given: DensityMatrix): Square {
  const complex = isComplex(given);
  const first = complex ? given.re : given;
  checkList(source, complex ? `${name}.re` : name, first);
  const n = Math.sqrt(first.length);
  if (!(Number.isInteger(n) && n >= 1 && n <= LARGEST_DIMENSION)) {
    throw new ShapeError({
      source,
      problem: `${name} has ${first.length} entries`,
      remedy: `Give a square matrix in row-major order, ${LARGEST_DIMENSION} x ${LARGEST_DIMENSION} at most`,
    });
  }
  if (!complex) return { n, re: readPart(source, name, given, n), im: undefined };
  return { n, re: readPart(source, `${name}.re`, given.re, n), im: readPart(source, `${name}.im`, given.im, n) };
}

/** Checks that a matrix is square, finite and of the dimensions of two factors, and copies it. */
export function readOfFactors(source: string, name: string, given: DensityMatrix, dimensions: Dimensions): Square {
  const square = readSquareMatrix(source, name, given);
  checkDimensions(source, dimensions, square.n);
  return square;
}

/** Throws unless the matrix is Hermitian within the tolerance; otherwise the largest difference across the diagonal. */
function checkHermitian(source: string, name: string, { n, re, im }: Square, tolerance: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [at, across] = [i * n + j, j * n + i];
      const real = Math.abs((re[at] ?? 0) - (re[across] ?? 0));
      const imaginary = im === undefined ? 0 : Math.abs((im[at] ?? 0) + (im[across] ?? 0));
      largest = Math.max(largest, real, imaginary);
      if (largest <= tolerance) continue;
      throw new InvalidArgumentError({
        source,
        problem: `${name}[${i}, ${j}] differs by ${largest} from the conjugate across the diagonal`,
        remedy: "Give a Hermitian matrix",
      });
    }
  }
  return largest;
}

/** The Hermitian part `(m + m^dagger) / 2`: nothing behind this sees the rounding that {@link checkHermitian} lets pass. */
function hermitianPart({ n, re, im }: Square): Square {
  const across = (part: Float64Array, at: number): number => part[(at % n) * n + Math.floor(at / n)] ?? 0;
  return {
    n,
    re: re.map((value, at) => value / 2 + across(re, at) / 2),
    im: im?.map((value, at) => value / 2 - across(im, at) / 2),
  };
}

/** Whether `m + shift I` has a Cholesky factor `L L^dagger`, that is whether no eigenvalue of `m` is at or below `-shift`. */
function isPositive({ n, re, im }: Square, shift: number): boolean {
  const [l, k] = [re.slice(), im?.slice()];
  for (let j = 0; j < n; j++) {
    let pivot = (l[j * n + j] ?? 0) + shift;
    for (let p = 0; p < j; p++) pivot -= (l[j * n + p] ?? 0) ** 2 + (k?.[j * n + p] ?? 0) ** 2;
    if (!(pivot > 0)) return false;
    const root = Math.sqrt(pivot);
    for (let i = j + 1; i < n; i++) {
      let [real, imaginary] = [l[i * n + j] ?? 0, k?.[i * n + j] ?? 0];
      for (let p = 0; p < j; p++) {
        const [a, c] = [l[i * n + p] ?? 0, l[j * n + p] ?? 0];
        real -= a * c;
        if (k === undefined) continue;
        const [b, d] = [k[i * n + p] ?? 0, k[j * n + p] ?? 0];
        real -= b * d;
        imaginary -= b * c - a * d;
      }
      l[i * n + j] = real / root;
      if (k !== undefined) k[i * n + j] = imaginary / root;
    }
  }
  return true;
}

/** Options of {@link readDensity} beside the tolerance. */
export interface ReadDensityOptions extends DensityOptions {
  /** Any positive trace will do; the tolerance is relative to it. */
  readonly anyTrace?: boolean;
  readonly name?: string;
}

/** Checks a density matrix (square, finite, Hermitian, of trace one, positive semidefinite); its Hermitian part, copied. */
export function readDensity(source: string, given: DensityMatrix, options: ReadDensityOptions = {}): Square {
  const { tolerance = DENSITY_TOLERANCE, anyTrace = false, name = "rho" } = options;
  checkRange(source, "tolerance", tolerance, 1e-15, 1e-2);
  const square = readSquareMatrix(source, name, given);
  const { n } = square;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += square.re[i * n + i] ?? 0;
  if (anyTrace ? !(trace > 0 && trace <= Number.MAX_VALUE) : !(Math.abs(trace - 1) <= tolerance)) {
    throw new NotNormalizedError({
      source,
      problem: `${name} has trace ${trace}`,
      remedy: anyTrace
        ? "Give a positive matrix that is not zero"
        : "Divide it by its trace: a density matrix has trace 1",
    });
  }
  // rounding grows with the matrix
  const rounding = anyTrace ? tolerance * trace : tolerance;
  const part = checkHermitian(source, name, square, rounding) === 0 ? square : hermitianPart(square);
  if (isPositive(part, rounding)) return part;
  const smallest = hermitianEigenvalues(part)[n - 1] ?? 0;
  if (smallest >= -rounding) return part;
  throw new InvalidArgumentError({
    source,
    problem: `${name} has the eigenvalue ${smallest}`,
    remedy: `Give a positive semidefinite matrix, or a tolerance above ${-smallest} if that is rounding`,
  });
}

/** {@link readDensity} of a matrix over two factors. */
export function readDensityOfFactors(
  source: string,
  given: DensityMatrix,
  dimensions: Dimensions,
  options: ReadDensityOptions = {},
): Square {
  const { n } = readSquareMatrix(source, options.name ?? "rho", given);
  checkDimensions(source, dimensions, n);
  return readDensity(source, given, options);
}

/** Checks a belief over two factors and copies it: finite, of the right length. */
export function readBelief(source: string, belief: ArrayLike<number>, dimensions: Dimensions): Float64Array {
  checkList(source, "belief", belief);
  checkDimensions(source, dimensions, belief.length);
  checkFinite(source, "belief", belief);
  return Float64Array.from(belief);
}

/** Checks that a list of probabilities is not negative (down to `-clip`, which counts as zero) and sums to one, and copies it. */
export function readProbabilities(
  source: string,
  name: string,
  given: ArrayLike<number>,
  clip = DEFAULT_CLIP,
): Float64Array {
  checkRange(source, "clip", clip, 0, 1e-3);
  checkList(source, name, given);
  checkFinite(source, name, given);
  const law = Float64Array.from(given);
  const negative = law.findIndex((value) => value < -clip);
  if (negative >= 0) {
    throw new InvalidArgumentError({
      source,
      problem: `${name}[${negative}] is ${law[negative]}`,
      remedy: "Give probabilities, none negative; a signed belief has only its amplitude state",
    });
  }
  const total = law.reduce((sum, value) => sum + value, 0);
  if (!(Math.abs(total - 1) <= DENSITY_TOLERANCE)) {
    throw new NotNormalizedError({ source, problem: `${name} sums to ${total}`, remedy: "Divide it by its sum" });
  }
  return law.map((value) => Math.max(value, 0));
}

/** Negative probabilities up to this size are rounding. */
export const DEFAULT_CLIP = 1e-12;
