import { UnsupportedError } from "../../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";
import { kroneckerStorage } from "../../process/storage/kronecker.ts";
import { withParts } from "../../process/with-parts.ts";
import type { LinearMaps } from "./krylov-basis.ts";

/** Entries of all operators together that are written out: half a gigabyte. */
const LARGEST_WRITTEN = 2 ** 26;

export function transpose(matrix: Float64Array, d: number): Float64Array {
  return matrix.map((_, i) => matrix[(i % d) * d + Math.floor(i / d)] ?? 0);
}

const frobenius = (matrix: Float64Array): number => Math.sqrt(dot(matrix, matrix));

/** `v T^x`, or `T^x v` as a row where `columns` is set; a product is applied factor by factor. */
export function operatorMaps(source: string, process: Process, columns: boolean): LinearMaps {
  const { stateDim: d, storage } = process;
  const tokens = process.alphabet.length;
  const turned = (matrix: Float64Array, size: number) => (columns ? transpose(matrix, size) : matrix);
  if (storage?.kind === "kronecker") {
    const factors = storage.factors.map((factor) =>
      withParts(factor, { operator: (token) => turned(factor.operator(token), factor.stateDim) }),
    );
    const norms = storage.factors
      .map((factor) => factor.alphabet.map((_, token) => frobenius(factor.operator(token))))
      .reduce((joint, own) => joint.flatMap((u) => own.map((y) => u * y)));
    const { apply } = kroneckerStorage(factors);
    return { tokens, norms, apply };
  }
  if (tokens * d * d > LARGEST_WRITTEN) {
    throw new UnsupportedError({
      source,
      problem: `the operators have ${tokens * d * d} entries`,
      remedy: `Operators of at most ${LARGEST_WRITTEN} entries are written out; use a tensorProduct that keeps its factors`,
    });
  }
  const operators = process.alphabet.map((_, token) => turned(process.operator(token), d));
  return {
    tokens,
    norms: operators.map(frobenius),
    apply(vector, token, out) {
      vectorTimesMatrix(vector, operators[token] ?? new Float64Array(d * d), d, out);
    },
  };
}
