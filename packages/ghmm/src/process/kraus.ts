import {
  addComplexProduct,
  adjoint,
  type ComplexSquare,
  complexProduct,
  complexZero,
  realTraceOfProduct,
} from "../numeric/complex-matrix.ts";
import { NotNormalizedError, ShapeError, UnsupportedError } from "../numeric/errors.ts";
import { checkDensity } from "./density-matrix.ts";
import { hermitianBasis } from "./hermitian-basis.ts";
import type { Process } from "./process.ts";
import { leftFixedVector } from "./stationary.ts";
import { storeProcess } from "./store.ts";
import { checkList, netOperator, readAlphabet, readSquare, TOLERANCE } from "./validate.ts";

/** A square matrix `[n][n]`: real, or with an imaginary part. */
export type ComplexMatrix =
  | readonly ArrayLike<number>[]
  | { readonly real: readonly ArrayLike<number>[]; readonly imaginary: readonly ArrayLike<number>[] };

/** What {@link createKraus} takes. */
export interface KrausDefinition {
  /** `operators[x][k]`, the Kraus matrices of each token, `[n][n]`: the state becomes `sum_k K rho K^dagger` when `x` is seen. */
  readonly operators: readonly (readonly ComplexMatrix[])[];
  /** Initial density matrix, `[n][n]`; the stationary one by default, if there is just one. */
  readonly initial?: ComplexMatrix;
  /** Names of the tokens, `"0"`, `"1"`, ... by default. */
  readonly alphabet?: readonly string[];
}

const SOURCE = "createKraus";

/** Numbers in the operators of the process: 128 MiB. */
const LARGEST_SIZE = 2 ** 24;

const isComplex = (matrix: ComplexMatrix | undefined): matrix is Exclude<ComplexMatrix, readonly unknown[]> =>
  typeof matrix === "object" && matrix !== null && "real" in matrix;

const dimensionOf = (matrix: ComplexMatrix | undefined): number =>
  (isComplex(matrix) ? matrix.real?.length : matrix?.length) ?? 0;

/** Checks shape and finiteness of a matrix and copies it. */
function readMatrix(name: string, given: ComplexMatrix, n: number): ComplexSquare {
  const read = (part: string, rows: readonly ArrayLike<number>[]) => readSquare(SOURCE, part, rows, n);
  if (!isComplex(given)) return { re: read(name, given), im: new Float64Array(n * n) };
  return { re: read(`${name}.real`, given.real), im: read(`${name}.imaginary`, given.imaginary) };
}

function readKraus(operators: KrausDefinition["operators"]): {
  readonly n: number;
  readonly kraus: readonly (readonly ComplexSquare[])[];
} {
  checkList(SOURCE, "operators", operators);
  Array.from(operators, (list, x) => checkList(SOURCE, `operators[${x}]`, list));
  const n = dimensionOf(operators[0]?.[0]);
  const size = operators.length * n ** 4;
  if (size > LARGEST_SIZE) {
    throw new UnsupportedError({
      source: SOURCE,
      problem: `${operators.length} tokens on C^${n} need operators of ${size} numbers`,
      remedy: `At most ${LARGEST_SIZE} are stored`,
    });
  }
  const kraus = Array.from(operators, (list, x) =>
    Array.from(list, (matrix, k) => readMatrix(`operators[${x}][${k}]`, matrix, n)),
  );
  const empty = kraus.findIndex((list) => list.length === 0);
  if (n === 0 || empty >= 0) {
    throw new ShapeError({
      source: SOURCE,
      problem:
        operators.length === 0 ? "operators is empty" : `operators[${Math.max(empty, 0)}] has no matrix with rows`,
      remedy: "Give at least one token, and for each at least one square matrix: operators[token][k][row][column]",
    });
  }
  return { n, kraus };
}

/** Throws unless `sum K^dagger K = I`. */
function checkComplete(kraus: readonly (readonly ComplexSquare[])[], n: number): void {
  const sum = complexZero(n);
  for (const matrix of kraus.flat()) addComplexProduct(adjoint(matrix, n), matrix, n, sum);
  sum.re.forEach((value, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    const imaginary = sum.im[at] ?? 0;
    if (Math.abs(value - (row === column ? 1 : 0)) <= TOLERANCE && Math.abs(imaginary) <= TOLERANCE) return;
    throw new NotNormalizedError({
      source: SOURCE,
      problem: `entry [${row}, ${column}] of the sum of K^dagger K is ${value}${imaginary === 0 ? "" : ` + ${imaginary} i`}`,
      remedy: "Scale the Kraus matrices so that the sum over all of them is the identity",
    });
  });
}

/**
 * A quantum instrument on `C^n` as a process of dimension `n^2`: `P(x_1..x_L) = tr(E_{x_L}(... E_{x_1}(rho)))` with
 * `E_x(rho) = sum_k K rho K^dagger` over the Kraus matrices of token `x`.
 *
 * A density matrix is the state `r_i = tr(rho B_i)`, `rho = sum_i r_i B_i / n`, over the Hermitian basis with
 * `tr(B_i B_j) = n` for `i = j`, else 0: the identity, then for each pair of levels `j < k`, in lexicographic order,
 * `sqrt(n/2) (|j><k| + |k><j|)` and `sqrt(n/2) (-i |j><k| + i |k><j|)`, then `n - 1` diagonal matrices. So `r_0` is the trace,
 * `w = (1, 0, ..., 0)`, and for a qubit the state is `(trace, x, y, z)`, the Bloch vector. Nothing is dropped: a real instrument
 * keeps its antisymmetric coordinates (`minimalRealization` finds what is not needed). Certificate `kraus`.
 *
 * @throws ShapeError if `operators`, or the matrices of a token, are empty, or a matrix is not `[n][n]`, or `alphabet` has
 * another length
 * @throws InvalidArgumentError if a number is not finite, `initial` is not Hermitian or has a negative eigenvalue, or a token's
 * name is empty or repeated
 * @throws NotNormalizedError if the sum of all `K^dagger K` is not the identity, or `initial` has another trace than 1 (1e-9)
 * @throws NonUniqueStationaryStateError if `initial` is left out and there are several stationary states
 * @throws UnsupportedError if the operators have more than 2^24 entries
 * @example
 * ```ts
 * import { createKraus, wordProbability } from "@semifactor/ghmm";
 *
 * // A qubit, measured along z and then turned by a Hadamard gate.
 * const h = Math.SQRT1_2;
 * const process = createKraus({ operators: [[[[h, 0], [h, 0]]], [[[0, h], [0, -h]]]] });
 * expect(Array.from(process.normalizer)).toEqual([1, 0, 0, 0]);
 * expect(wordProbability(process, [0, 0, 1])).toBeCloseTo(1 / 8, 14);
 * ```
 *
 * Source: Wiesner and Crutchfield, "Computation in finitary stochastic and quantum processes", Physica D 237 (2008).
 */
export function createKraus(definition: KrausDefinition): Process {
  const { n, kraus } = readKraus(definition.operators);
  checkComplete(kraus, n);
  const alphabet = readAlphabet(SOURCE, kraus.length, definition.alphabet);
  const basis = hermitianBasis(n);
  const d = n * n;
  const operators = kraus.map((list) => {
    const operator = new Float64Array(d * d);
    basis.forEach((from, i) => {
      const image = complexZero(n);
      for (const matrix of list) {
        addComplexProduct(complexProduct(matrix, from, n), adjoint(matrix, n), n, image);
      }
      basis.forEach((to, j) => {
        operator[i * d + j] = realTraceOfProduct(image, to, n) / n;
      });
    });
    return operator;
  });
  const normalizer = new Float64Array(d);
  normalizer[0] = 1;
  let initial: Float64Array;
  if (definition.initial === undefined) {
    const remedy = "Pass initial: this instrument has several stationary states";
    initial = leftFixedVector(SOURCE, netOperator(operators, d), normalizer, remedy);
  } else {
    const density = readMatrix("initial", definition.initial, n);
    checkDensity(SOURCE, density, n);
    initial = Float64Array.from(basis, (matrix) => realTraceOfProduct(density, matrix, n));
  }
  const factors = [{ dimension: n, coordinates: "hermitian" }] as const;
  return storeProcess({
    operators,
    initial,
    normalizer,
    alphabet,
    certificate: { kind: "kraus", dimension: n, factors },
  });
}
