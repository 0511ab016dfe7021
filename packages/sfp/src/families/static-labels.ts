import { createHmm } from "@semifactor/ghmm";
import { checkLength, checkRange } from "../_internal/checks.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";

/** Options of {@link staticLabels}. */
export interface StaticLabelsOptions {
  /** Correlation of the two labels, 0 (independent) to 1 (equal). @defaultValue 0 */
  readonly alpha?: number;
  /** P(u = 1 | i) for the alignment label i. @defaultValue [0.1, 0.9] */
  readonly first?: readonly [number, number];
  /** P(y = 1 | j) for the capability label j. @defaultValue [0.25, 0.75] */
  readonly second?: readonly [number, number];
}

/**
 * F1cell: two static binary labels, correlated at the start, each emitting its own bit. A cell SFP in which every measure has a closed form.
 *
 * `omega_ij = (1 - alpha) / 4 + (alpha / 2) [i = j]`, state `2 i + j`, `T^(u,y) = diag_i P(u | i) (x) diag_j P(y | j)`, token `2 u + y`.
 * Every operator is a tensor product and both factor processes are the same for every alpha; only the initial state is correlated:
 * mutual information `1 - H2((1 + alpha) / 2)` bits.
 *
 * @throws InvalidArgumentError if a probability is out of range; ShapeError if a pair has not two entries
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
  for (const [name, pair] of Object.entries({ first, second })) {
    checkLength("staticLabels", name, pair, 2);
    pair.forEach((p, i) => {
      checkRange("staticLabels", `${name}[${i}]`, p, 0, 1);
    });
  }
  const labels = [0, 1].flatMap((i) => [0, 1].map((j) => [i, j] as const));
  const operators = [0, 1, 2, 3].map((token) =>
    labels.map(([i, j], s) => {
      const [one, other] = [first[i] ?? 0, second[j] ?? 0];
      const row = new Float64Array(4);
      row[s] = (token >> 1 === 1 ? one : 1 - one) * ((token & 1) === 1 ? other : 1 - other);
      return row;
    }),
  );
  return semiFactored({
    process: createHmm({
      operators,
      initial: labels.map(([i, j]) => (1 - alpha) / 4 + (i === j ? alpha / 2 : 0)),
      alphabet: ["0,0", "0,1", "1,0", "1,1"],
    }),
    structure: tensorStructure({
      factors: [
        { name: "alignment", dimension: 2 },
        { name: "capability", dimension: 2 },
      ],
    }),
    blocks: "cells",
  });
}
