import { createHmm, ShapeError } from "@semifactor/ghmm";
import { checkInteger, checkRange, checkRanges } from "../_internal/checks.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";

/** Options of {@link staticLabels}. */
export interface StaticLabelsOptions {
  /** Correlation of the two labels, 0 (independent) to 1 (equal). @defaultValue 0 */
  readonly alpha?: number;
  /** P(u = 1 | i) for the alignment label i, `[N]`, N >= 2. @defaultValue [0.1, 0.9] */
  readonly first?: readonly number[];
  /** P(y = 1 | j) for the capability label j, `[M]`, M >= 2 and N M <= 256. @defaultValue [0.25, 0.75] */
  readonly second?: readonly number[];
}

const LARGEST_DIMENSION = 256;

/** Common length of `[i / n, (i + 1) / n]` and `[j / m, (j + 1) / m]`, from whole numbers. */
function overlap(i: number, j: number, n: number, m: number): number {
  return Math.max(0, Math.min((i + 1) * m, (j + 1) * n) - Math.max(i * m, j * n)) / (n * m);
}

/**
 * F1cell: two static labels of N and M values, correlated at the start, each emitting its own bit. A cell SFP in which every
 * measure has a closed form.
 *
 * `omega_ij = (1 - alpha) / (N M) + alpha c_ij`, state `M i + j`, `T^(u,y) = diag_i P(u | i) (x) diag_j P(y | j)`, token `2 u + y`. For
 * N = M, `c_ij = [i = j] / N`; for others `c_ij` is the length of the common part of the i-th of N and the j-th of M equal pieces of
 * [0, 1], so that both labels stay uniform and ascend together. Every operator is a tensor product and both factor processes are the same
 * for every alpha; only the initial state is correlated: for two binary labels, by `1 - H2((1 + alpha) / 2)` bits.
 *
 * @throws InvalidArgumentError if a probability or N M is out of range; ShapeError if there are fewer than two labels
 * @example
 * ```ts
 * import { families, marginals } from "@semifactor/sfp";
 *
 * const process = families.staticLabels({ alpha: 0.5 });
 * expect(Array.from(process.initial)).toEqual([0.375, 0.125, 0.125, 0.375]);
 * expect(Array.from(marginals(process.structure, process.initial)[0])).toEqual([0.5, 0.5]);
 * ```
 */
export function staticLabels(options: StaticLabelsOptions = {}): SemiFactoredProcess {
  const { alpha = 0, first = [0.1, 0.9], second = [0.25, 0.75] } = options;
  checkRange("staticLabels", "alpha", alpha, 0, 1);
  for (const [name, list] of Object.entries({ first, second })) {
    if (list.length < 2) {
      throw new ShapeError({
        source: "staticLabels",
        problem: `${name} has ${list.length} entries`,
        remedy: "Give a probability for each of two or more labels",
      });
    }
    checkRanges("staticLabels", name, list, 0, 1);
  }
  const [n, m] = [first.length, second.length];
  checkInteger("staticLabels", "the number of pairs of labels", n * m, 4, LARGEST_DIMENSION);
  const labels = first.flatMap((_, i) => second.map((_, j) => [i, j] as const));
  const operators = [0, 1, 2, 3].map((token) =>
    labels.map(([i, j], s) => {
      const [one, other] = [first[i] ?? 0, second[j] ?? 0];
      const row = new Float64Array(n * m);
      row[s] = (token >> 1 === 1 ? one : 1 - one) * ((token & 1) === 1 ? other : 1 - other);
      return row;
    }),
  );
  return semiFactored({
    process: createHmm({
      operators,
      initial: labels.map(([i, j]) => (1 - alpha) / (n * m) + alpha * overlap(i, j, n, m)),
      alphabet: ["0,0", "0,1", "1,0", "1,1"],
    }),
    structure: tensorStructure({
      factors: [
        { name: "alignment", dimension: n },
        { name: "capability", dimension: m },
      ],
    }),
    blocks: "cells",
    tokenSizes: [2, 2],
  });
}
