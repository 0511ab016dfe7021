import { InvalidArgumentError } from "../numeric/errors.ts";
import { pseudoInverse } from "../numeric/inverse.ts";
import { matrixTimesVector, multiply, vectorTimesMatrix } from "../numeric/matrix.ts";
import type { Certificate, Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { readSquare } from "../process/validate.ts";

/** A process in other coordinates, with the quality of the change of basis. */
export interface RebasedProcess extends Process {
  /** Condition number of the basis: its largest singular value over the smallest. */
  readonly condition: number;
  /** Present when the condition number exceeds 100: how much rounding to expect. */
  readonly warning?: string;
}

const LARGEST_CONDITION = 1e8;
/** Rounding of about 1e-16 times the square of this is 1e-12, up to which a token is impossible. */
const WARN_ABOVE = 1e2;

/** What proves the process valid in its new coordinates. */
function rebase(process: Process, inverse: Float64Array): Certificate {
  const { certificate, stateDim } = process;
  if (certificate.kind === "hmm") return { kind: "similar-to-hmm", hmm: process };
  if (certificate.kind === "kraus" && certificate.factors !== undefined) {
    // other coordinates are no longer read as a density matrix
    return { kind: "kraus", dimension: certificate.dimension };
  }
  if (certificate.kind !== "cone") return certificate;
  const rays = certificate.rays.map((ray) => {
    const image = new Float64Array(stateDim);
    vectorTimesMatrix(ray, inverse, stateDim, image);
    return image;
  });
  return { kind: "cone", rays };
}

/**
 * The same process in other coordinates: `T^x -> S T^x S^-1`, `eta0 -> eta0 S^-1`, `w -> S w`.
 *
 * Word probabilities do not change and beliefs become `b S^-1` (T4), up to rounding of about 1e-16 times the squared
 * condition number of `S`: the result has that number, and a warning when it is above 100, from where on tokens of probability
 * zero may seem possible.
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
 * expect(turned.certificate.kind).toBe("similar-to-hmm");
 * expect(wordProbability(turned, [0, 1])).toBeCloseTo(wordProbability(process, [0, 1]), 14);
 * ```
 */
export function changeBasis(process: Process, basis: readonly ArrayLike<number>[]): RebasedProcess {
  const source = "changeBasis";
  const { stateDim } = process;
  const matrix = readSquare(source, "basis", basis, stateDim);
  const { inverse, condition } = pseudoInverse(matrix, [stateDim, stateDim]);
  if (!(condition <= LARGEST_CONDITION)) {
    throw new InvalidArgumentError({
      source,
      problem: `basis has condition number ${condition}`,
      remedy: `Give an invertible matrix with condition number at most ${LARGEST_CONDITION}`,
    });
  }
  const initial = new Float64Array(stateDim);
  vectorTimesMatrix(process.initial, inverse, stateDim, initial);
  const rebased = storeProcess({
    operators: process.alphabet.map((_, token) =>
      multiply(multiply(matrix, process.operator(token), stateDim), inverse, stateDim),
    ),
    initial,
    normalizer: matrixTimesVector(matrix, process.normalizer),
    alphabet: process.alphabet,
    certificate: rebase(process, inverse),
  });
  const rounding = 1e-16 * condition ** 2;
  const warning = `the basis has condition number ${condition}: expect rounding errors of about ${rounding}`;
  return Object.freeze({ ...rebased, condition, ...(condition > WARN_ABOVE ? { warning } : {}) });
}
