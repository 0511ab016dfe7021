import { beliefState } from "../belief/update.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { dot } from "../numeric/matrix.ts";
import { mess3 } from "../processes/mess3.ts";
import { type ConditionedProcess, processAndWord } from "./_internal/instances.ts";
import { sampledWord } from "./_internal/subject.ts";
import { applied, scaleOf } from "./_internal/words.ts";
import type { Theorem } from "./theorem.ts";

/** A process and a word that it can emit. */
export interface AffineBeliefsInstance extends ConditionedProcess {
  readonly word: readonly number[];
  /** Whether entries must not be negative: true for an HMM, by default. */
  readonly nonNegative?: boolean;
  /** How the state after the word is divided, `"normalizer"` by default; `"none"` leaves `eta0 T^h` as it is. */
  readonly dividedBy?: "normalizer" | "none";
}

function residual(instance: AffineBeliefsInstance): number {
  const { process, word, nonNegative = process.certificate.kind === "hmm", dividedBy = "normalizer" } = instance;
  const belief =
    dividedBy === "normalizer"
      ? beliefState(process, word)
      : word.reduce((state, token) => applied(state, process.operator(token)), process.initial);
  const negative = nonNegative ? belief.reduce((worst, value) => Math.max(worst, -value), 0) : 0;
  return Math.max(Math.abs(dot(belief, process.normalizer) - 1), negative) / scaleOf(belief);
}

const signed = changeBasis(mess3({ x: 0.15, a: 0.6 }), [
  [1, 0, 0],
  [1, 1, 0],
  [0, 1, 1],
]);

/**
 * T3: every belief lies in the affine space `b . w = 1`, of dimension `d - 1`; in an HMM it is a distribution. Standard.
 *
 * @example
 * ```ts
 * import { mess3 } from "@semifactor/ghmm";
 * import { affineBeliefs, checkTheorem } from "@semifactor/ghmm/theorems";
 *
 * expect(checkTheorem(affineBeliefs, { instance: { process: mess3({ x: 0.15, a: 0.6 }), word: [0, 1, 2] } }).holds).toBe(true);
 * ```
 */
export const affineBeliefs: Theorem<AffineBeliefsInstance> = {
  id: "T3",
  name: "Beliefs lie in an affine space, those of an HMM in a simplex",
  statement: "$b(h) w = 1$ for every word $h$ with $P(h) > 0$, and $b(h) \\ge 0$ entrywise in an HMM.",
  status: "standard",
  proof: String.raw`$b(h) w = \dfrac{\eta_0 T^h w}{\eta_0 T^h w} = 1$: one linear equation with $w \ne 0$ (since $\eta_0 w = 1$), so beliefs lie in an affine space of dimension $d - 1$.

In an HMM $\eta_0$ and every $T^x$ have no negative entry; sums of products of such entries have none either, so $\eta_0 T^h \ge 0$, and it is divided by $P(h) > 0$. There $w$ is all ones, so the entries add up to one: the belief is a distribution.`,
  use: "A belief of a $d$-state process has $d - 1$ numbers to be represented, and a linear probe of it needs a constant beside them.",
  hypotheses: [
    { id: "normalized update", statement: "$b(h) = \\eta_0 T^h / (\\eta_0 T^h w)$." },
    { id: "non-negative parts", statement: "$T^x \\ge 0$ and $\\eta_0 \\ge 0$ (for the second claim only)." },
  ],
  instanceOf: ({ process }) => ({ process, word: sampledWord(process) }),
  arbitrary: processAndWord(),
  residual,
  tolerance: ({ condition = 1 }) => 1e-12 * condition ** 2,
  counterexamples: [
    {
      drops: "normalized update",
      description: "eta0 T^h itself: its product with w is the probability of the word",
      instance: { process: mess3({ x: 0.15, a: 0.6 }), word: [0, 1], dividedBy: "none" },
    },
    {
      drops: "non-negative parts",
      description: "Mess3 in other coordinates: the same word probabilities, beliefs with negative entries",
      instance: { process: signed, word: [2, 2, 2], nonNegative: true },
    },
  ],
};
