import { singularValueDecomposition } from "../numeric/decompose.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { matrixTimesVector, multiply, vectorTimesMatrix } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { readVector } from "../process/validate.ts";

const LARGEST_CONDITION = 1e8;

/** The inverse of a row-major `[d, d]` matrix, refused when its condition number exceeds 1e8. */
function invert(source: string, matrix: Float64Array, dimension: number): Float64Array {
  const { left, values, right } = singularValueDecomposition(matrix, [dimension, dimension]);
  const condition = (values[0] ?? 0) / (values[dimension - 1] ?? 0);
  if (!(condition <= LARGEST_CONDITION)) {
    throw new InvalidArgumentError({
      source,
      problem: `basis has condition number ${condition}`,
      remedy: `Give an invertible matrix with condition number at most ${LARGEST_CONDITION}`,
    });
  }
  const scaled = right.map((value, i) => value / (values[i % dimension] ?? 1));
  const leftTransposed = Float64Array.from(
    left,
    (_, i) => left[(i % dimension) * dimension + Math.floor(i / dimension)] ?? 0,
  );
  return multiply(scaled, leftTransposed, dimension);
}

/**
 * The same process in other coordinates: `T^x -> S T^x S^-1`, `eta0 -> eta0 S^-1`, `w -> S w`.
 *
 * Word probabilities do not change and beliefs become `b S^-1` (T4), up to rounding of about 1e-16 times the squared
 * condition number of `S`.
 *
 * @param basis - invertible `S`, `[d][d]`
 * @throws ShapeError if `basis` is not `[d][d]`
 * @throws InvalidArgumentError if an entry is not finite or the condition number exceeds 1e8
 * @example
 * ```ts
 * import { changeBasis, mess3, wordProbability } from "@semifactor/ghmm";
 *
 * const process = mess3({ x: 0.15, a: 0.6 });
 * const turned = changeBasis(process, [[1, 0.5, 0], [0, 2, 0], [0.3, 0, 1]]);
 * expect(turned.certificate).toBe("similar-to-hmm");
 * expect(wordProbability(turned, [0, 1])).toBeCloseTo(wordProbability(process, [0, 1]), 14);
 * ```
 */
export function changeBasis(process: Process, basis: readonly ArrayLike<number>[]): Process {
  const source = "changeBasis";
  const { stateDim } = process;
  // A list of rows has the length check of a vector; the entries are checked row by row.
  readVector(
    source,
    "basis",
    Array.from(basis, () => 0),
    stateDim,
  );
  const matrix = new Float64Array(stateDim * stateDim);
  basis.forEach((row, i) => {
    matrix.set(readVector(source, `basis[${i}]`, row, stateDim), i * stateDim);
  });
  const inverse = invert(source, matrix, stateDim);
  const initial = new Float64Array(stateDim);
  vectorTimesMatrix(process.initial, inverse, stateDim, initial);
  return storeProcess({
    operators: process.alphabet.map((_, token) =>
      multiply(multiply(matrix, process.operator(token), stateDim), inverse, stateDim),
    ),
    initial,
    normalizer: matrixTimesVector(matrix, process.normalizer),
    alphabet: process.alphabet,
    certificate: process.certificate === "hmm" ? "similar-to-hmm" : process.certificate,
  });
}
