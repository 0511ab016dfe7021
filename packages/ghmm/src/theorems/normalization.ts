import type { Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { type ConditionedProcess, stationaryProcess } from "./_internal/instances.ts";
import { isStationary, lengthWithin } from "./_internal/subject.ts";
import { checkLength, largestDifference, wordProbabilities } from "./_internal/words.ts";
import type { Theorem } from "./theorem.ts";

/** A process, and the length of the words to add up. */
export interface NormalizationInstance extends ConditionedProcess {
  /** 3 by default. */
  readonly maxLength?: number;
}

/** One state, two tokens of weight 1/2 and `second`, which need not add up to one. */
const singleState = (second: number, initial: number): Process =>
  storeProcess({
    operators: [Float64Array.of(0.5), Float64Array.of(second)],
    initial: Float64Array.of(initial),
    normalizer: Float64Array.of(1),
    alphabet: ["0", "1"],
    certificate: { kind: "unchecked", wordLength: 0, smallestProbability: 1 },
  });

function residual({ process, maxLength = 3 }: NormalizationInstance): number {
  checkLength(maxLength);
  const tokens = process.alphabet.length;
  let shorter = wordProbabilities(process, 0);
  let worst = Math.abs((shorter[0] ?? 0) - 1);
  for (let length = 1; length <= maxLength; length++) {
    const probabilities = wordProbabilities(process, length);
    const total = probabilities.reduce((sum, p) => sum + p, 0);
    const [right, left] = [new Float64Array(shorter.length), new Float64Array(shorter.length)];
    probabilities.forEach((p, i) => {
      const [prefix, suffix] = [Math.floor(i / tokens), i % shorter.length];
      right[prefix] = (right[prefix] ?? 0) + p;
      left[suffix] = (left[suffix] ?? 0) + p;
    });
    worst = Math.max(worst, Math.abs(total - 1), largestDifference(right, shorter), largestDifference(left, shorter));
    shorter = probabilities;
  }
  return worst;
}

/**
 * T1: the probabilities of the words of each length add up to one, and consistently: `sum_x P(hx) = P(h)`, and
 * `sum_x P(xh) = P(h)` for a stationary start. Standard: `T w = w` and `eta0 T = eta0`.
 *
 * @example
 * ```ts
 * import { mess3 } from "@semifactor/ghmm";
 * import { checkTheorem, normalization } from "@semifactor/ghmm/theorems";
 *
 * expect(checkTheorem(normalization, { instance: { process: mess3({ x: 0.15, a: 0.6 }), maxLength: 5 } }).holds).toBe(true);
 * ```
 */
export const normalization: Theorem<NormalizationInstance> = {
  id: "T1",
  name: "Word probabilities add up",
  statement:
    "$\\sum_{|h|=L} P(h) = 1$ and $\\sum_x P(hx) = P(h)$ for every length $L$ and word $h$; moreover $\\sum_x P(xh) = P(h)$.",
  status: "standard",
  proof: String.raw`By definition $P(h) = \eta_0 T^h w$, where $T^h$ is the product of the operators along $h$.

1. Over the last token, $\sum_x P(hx) = \eta_0 T^h \bigl(\sum_x T^x\bigr) w = \eta_0 T^h\, T w = \eta_0 T^h w = P(h)$.
2. The empty word has $P = \eta_0 w = 1$; by 1 the words of $L + 1$ tokens have together what those of $L$ tokens have, which is 1 by induction.
3. Over the first token, $\sum_x P(xh) = \eta_0 \bigl(\sum_x T^x\bigr) T^h w = (\eta_0 T)\, T^h w$, which is $\eta_0 T^h w = P(h)$ if $\eta_0 T = \eta_0$.`,
  use: "It is what makes a set of matrices a model of a sequence: every conditional probability and every entropy of the library relies on it.",
  hypotheses: [
    { id: "fixed normalizer", statement: "$T w = w$ for the net operator $T = \\sum_x T^x$." },
    { id: "normalized start", statement: "$\\eta_0 w = 1$." },
    { id: "stationary start", statement: "$\\eta_0 T = \\eta_0$ (for the last equation only)." },
  ],
  needs: "a stationary initial state",
  instanceOf: ({ process }) => (isStationary(process) ? { process, maxLength: lengthWithin(process, 3) } : undefined),
  arbitrary: stationaryProcess,
  residual,
  tolerance: ({ condition = 1 }) => 1e-11 * condition,
  counterexamples: [
    {
      drops: "fixed normalizer",
      description: "one state with tokens of weight 0.5 and 0.4: words of length L have probability 0.9^L in all",
      instance: { process: singleState(0.4, 1) },
    },
    {
      drops: "normalized start",
      description: "a fair coin with initial state 2: all probabilities are doubled",
      instance: { process: singleState(0.5, 2) },
    },
    {
      drops: "stationary start",
      description: "the golden mean process started in its first state: P(1) = 1/2, but P(01) + P(11) = 1/4",
      instance: { process: { ...goldenMean({ p: 0.5 }), initial: Float64Array.of(1, 0) } },
    },
  ],
};
