import { InvalidArgumentError } from "../numeric/errors.ts";
import { pseudoInverse } from "../numeric/inverse.ts";
import { matrixTimesVector, multiply, vectorTimesMatrix } from "../numeric/matrix.ts";
import { HMM_CERTIFICATE, type Process } from "./process.ts";
import { type ProcessParts, storeProcess } from "./store.ts";
import { readSquare, TOLERANCE } from "./validate.ts";

const LARGEST_CONDITION = 1e8;

/**
 * The hidden Markov model that a process is in the coordinates of `basis`: `S^-1 T^x S`, `eta0 S`, `S^-1 w`. Numbers that miss
 * zero or one by rounding (1e-9) are set to it; more than that is refused with the number.
 */
export function findHmm(
  source: string,
  { operators, initial, normalizer, alphabet }: Omit<ProcessParts, "certificate">,
  basis: readonly ArrayLike<number>[],
): Process {
  const d = initial.length;
  const matrix = readSquare(source, "certificate.basis", basis, d);
  const { inverse, condition } = pseudoInverse(matrix, [d, d]);
  if (!(condition <= LARGEST_CONDITION)) {
    throw new InvalidArgumentError({
      source,
      problem: `certificate.basis has condition number ${condition}`,
      remedy: `Give an invertible matrix with condition number at most ${LARGEST_CONDITION}`,
    });
  }
  const refuse = (what: string, value: number, expected: string): never => {
    throw new InvalidArgumentError({
      source,
      problem: `with S = certificate.basis, ${what} is ${value}`,
      remedy: `Give a basis in which the process is a hidden Markov model: this must be ${expected}`,
    });
  };
  const clean = (what: (index: number) => string, values: Float64Array): Float64Array =>
    values.map((value, i) => {
      if (!(value >= -TOLERANCE)) refuse(what(i), value, "non-negative");
      return Math.max(0, value);
    });
  const ones = matrixTimesVector(inverse, normalizer);
  ones.forEach((value, s) => {
    if (!(Math.abs(value - 1) <= TOLERANCE))
      refuse(`entry ${s} of S^-1 w`, value, "1 (scale the columns of the basis)");
  });
  const start = new Float64Array(d);
  vectorTimesMatrix(initial, matrix, d, start);
  return storeProcess({
    operators: operators.map((operator, x) =>
      clean(
        (i) => `entry [${Math.floor(i / d)}, ${i % d}] of S^-1 T^${x} S`,
        multiply(multiply(inverse, operator, d), matrix, d),
      ),
    ),
    initial: clean((s) => `entry ${s} of initial S`, start),
    normalizer: new Float64Array(d).fill(1),
    alphabet,
    certificate: HMM_CERTIFICATE,
  });
}
