import { gaugeTransformed } from "../arbitraries/processes.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { mess3 } from "../processes/mess3.ts";
import { lengthWithin, mildBasis } from "./_internal/subject.ts";
import { checkLength, largestDifference, operatorsOf, scaleOf, wordStates } from "./_internal/words.ts";
import type { Theorem } from "./theorem.ts";

/** A process and its image under a change of basis. */
export interface GaugeInstance {
  readonly process: Process;
  /** `S`, `[d][d]`. */
  readonly basis: readonly (readonly number[])[];
  /** The process with `(S T^x S^-1, eta0 S^-1, S w)`; made by `changeBasis` if it is left out. */
  readonly image?: Process;
  /** Condition number of `S`; that of `basis` by default where there is no `image`, else 50. */
  readonly condition?: number;
  /** 4 by default. */
  readonly maxLength?: number;
}

function residual({ process, basis, image = changeBasis(process, basis), maxLength = 4 }: GaugeInstance): number {
  checkLength(maxLength);
  const d = process.stateDim;
  const matrix = Float64Array.from(basis.flat());
  const back = new Float64Array(d);
  let worst = 0;
  for (let length = 0; length <= maxLength; length++) {
    const others = wordStates(image, length);
    wordStates(process, length).forEach(({ state }, i) => {
      const other = others[i]?.state ?? new Float64Array(0);
      const [p, q] = [dot(state, process.normalizer), dot(other, image.normalizer)];
      vectorTimesMatrix(other, matrix, d, back);
      worst = Math.max(worst, Math.abs(p - q), largestDifference(back, state) / scaleOf(other));
    });
  }
  return worst;
}

const basis = [
  [1, 0.5, 0],
  [0, 2, 0],
  [0.3, 0, 1],
];
const process = mess3({ x: 0.15, a: 0.6 });
const turned = changeBasis(process, basis);
/** The projection onto the first two coordinates: a basis without an inverse. */
const singular = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 0],
];
const projected = (operator: Float64Array): Float64Array =>
  operator.map((value, i) => (i % 3 < 2 && i < 6 ? value : 0));

/**
 * T4: a change of basis, `(S T^x S^-1, eta0 S^-1, S w)`, keeps every word probability and takes beliefs to `b S^-1`. Standard.
 *
 * @example
 * ```ts
 * import { mess3 } from "@semifactor/ghmm";
 * import { checkTheorem, gaugeInvariance } from "@semifactor/ghmm/theorems";
 *
 * const instance = { process: mess3({ x: 0.15, a: 0.6 }), basis: [[1, 2, 0], [0, 1, 0], [1, 0, 3]] };
 * expect(checkTheorem(gaugeInvariance, { instance }).holds).toBe(true);
 * ```
 */
export const gaugeInvariance: Theorem<GaugeInstance> = {
  id: "T4",
  name: "Coordinates of the state space do not matter",
  statement:
    "$(S T^x S^{-1}, \\eta_0 S^{-1}, S w)$ gives every word the probability that $(T^x, \\eta_0, w)$ gives it, and its beliefs are $b S^{-1}$.",
  status: "standard",
  proof: String.raw`Along a word $h = x_1 \dots x_L$ every inner $S^{-1} S$ is the identity:
$$ (\eta_0 S^{-1})(S T^{x_1} S^{-1}) \cdots (S T^{x_L} S^{-1}) = \eta_0 T^h S^{-1} . $$
Multiplied by $S w$ this is $\eta_0 T^h w = P(h)$. Divided by that number it is the belief of the new presentation, $b(h) S^{-1}$. Also $\sum_x S T^x S^{-1}\, S w = S T w = S w$ and $\eta_0 S^{-1} S w = 1$: it is a process again.`,
  use: "Nothing that is said about a process may depend on its coordinates; quantities that do (entropies of beliefs, tensor factors) need a basis that is chosen and named.",
  hypotheses: [
    { id: "invertible basis", statement: "$S$ is invertible." },
    { id: "all parts together", statement: "Operators, initial state and normalizer change by the same $S$." },
  ],
  instanceOf: ({ process }) => ({
    process,
    basis: mildBasis(process.stateDim),
    maxLength: lengthWithin(process, 4),
  }),
  arbitrary: gaugeTransformed({ maxStates: 3 }).map(({ hmm, ghmm, basis, condition }) => ({
    process: hmm,
    image: ghmm,
    basis,
    condition,
  })),
  residual,
  tolerance: ({ process, basis, image, condition }) =>
    1e-12 * (condition ?? (image === undefined ? changeBasis(process, basis).condition : 50)) ** 2,
  counterexamples: [
    {
      drops: "invertible basis",
      description: "Mess3 projected onto its first two states",
      instance: {
        process,
        basis: singular,
        image: storeProcess({
          operators: operatorsOf(process).map(projected),
          initial: Float64Array.of(1 / 3, 1 / 3, 0),
          normalizer: Float64Array.of(1, 1, 0),
          alphabet: process.alphabet,
          certificate: { kind: "unchecked", wordLength: 0, smallestProbability: 1 },
        }),
      },
    },
    {
      drops: "all parts together",
      description: "Mess3 with operators and initial state in new coordinates and the old normalizer",
      instance: { process, basis, image: { ...turned, normalizer: process.normalizer } },
    },
  ],
};
