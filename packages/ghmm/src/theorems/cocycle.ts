import fc from "fast-check";
import { logWordProbability, wordProbability } from "../belief/probability.ts";
import { beliefState, updateBelief } from "../belief/update.ts";
import { ZeroProbabilityError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { type ConditionedProcess, processAndWord } from "./_internal/instances.ts";
import { sampledWord } from "./_internal/subject.ts";
import { applied, largestDifference, scaleOf } from "./_internal/words.ts";
import type { Theorem } from "./theorem.ts";

/** A process and a word, cut in two. */
export interface CocycleInstance extends ConditionedProcess {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** A process of two states in the scale `w = (2, 1)`, whose updates divide by the sum of the entries instead of by the product with `w`. */
function dividedBySum(process: Process): Process {
  const w = Float64Array.of(2, 1);
  const weigh = (operator: Float64Array): Float64Array =>
    operator.map((value, i) => (value * (w[Math.floor(i / 2)] ?? 1)) / (w[i % 2] ?? 1));
  return {
    alphabet: process.alphabet,
    stateDim: 2,
    initial: process.initial.map((value, s) => value / (w[s] ?? 1)),
    normalizer: w,
    certificate: process.certificate,
    operator: (token) => weigh(process.operator(token)),
    step(belief, token, out) {
      const next = applied(Float64Array.from(belief), weigh(process.operator(token)));
      const sum = next.reduce((total, value) => total + value, 0);
      next.forEach((value, s) => {
        out[s] = value / sum;
      });
      return sum;
    },
  };
}

function residual({ process, first, second }: CocycleInstance): number {
  try {
    const before = beliefState(process, first);
    const whole = beliefState(process, [...first, ...second]);
    let updated = before;
    for (const token of second) updated = updateBelief(process, updated, token);
    let product = before;
    for (const token of second) product = applied(product, process.operator(token));
    const conditional = dot(product, process.normalizer);
    const direct = product.map((value) => value / conditional);
    const logs = [first, [...first, ...second]].map((word) => logWordProbability(process, word));
    const chain = Math.abs((logs[1] ?? 0) - (logs[0] ?? 0) - Math.log(conditional));
    const [prefix = 0, word = 0] = [first, [...first, ...second]].map((it) => wordProbability(process, it));
    const ratio = Math.abs(word / prefix - conditional);
    const beliefs = Math.max(largestDifference(whole, updated), largestDifference(whole, direct));
    return Math.max(beliefs, chain, ratio) / scaleOf(whole);
  } catch (error) {
    if (error instanceof ZeroProbabilityError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/**
 * T2: beliefs can be updated in any portions, `b(hh') = U_{h'}(b(h))`, and probabilities multiply along a word,
 * `P(hh') = P(h) P(h' | b(h))`. Standard: matrix products are associative and the normalisers cancel.
 *
 * @example
 * ```ts
 * import { zeroOneRandom } from "@semifactor/ghmm";
 * import { checkTheorem, cocycle } from "@semifactor/ghmm/theorems";
 *
 * const instance = { process: zeroOneRandom({ p: 0.5 }), first: [1, 0], second: [0, 1] };
 * expect(checkTheorem(cocycle, { instance }).holds).toBe(true);
 * ```
 */
export const cocycle: Theorem<CocycleInstance> = {
  id: "T2",
  name: "Beliefs update in portions and probabilities multiply",
  statement:
    "$b(hh') = U_{h'}(b(h))$ and $P(hh') = P(h)\\,P(h' \\mid b(h))$, where $U_{h'}(b) = b T^{h'} / (b T^{h'} w)$.",
  status: "standard",
  proof: String.raw`Write $p = \eta_0 T^h w = P(h)$, so that $\eta_0 T^h = p\, b(h)$. Matrix products are associative, hence
$$ \eta_0 T^{hh'} = (\eta_0 T^h)\, T^{h'} = p\; b(h)\, T^{h'} . $$

Multiplied by $w$ this is $P(hh') = P(h) \cdot b(h) T^{h'} w$, and the second factor is what $P(h' \mid b(h))$ means. Divided by that number it is
$$ b(hh') = \frac{p\; b(h) T^{h'}}{p\; b(h) T^{h'} w} = U_{h'}(b(h)) : $$
the factor $p$ cancels because numerator and denominator use the same $w$. All divisions are allowed since $P(hh') > 0$, which with $P(h) = \sum_{h'} P(hh')$ gives $P(h) > 0$. Applied to $h'$ one token at a time, it is the update of the filter.`,
  use: "A filter may read a sequence in portions of any size, keep only the belief in between, and add up log probabilities.",
  hypotheses: [
    { id: "possible word", statement: "$P(hh') > 0$." },
    { id: "one normalizer", statement: "Every update divides by the product with the same $w$, for which $T w = w$." },
  ],
  instanceOf({ process }) {
    const word = sampledWord(process);
    return { process, first: word.slice(0, 4), second: word.slice(4) };
  },
  arbitrary: fc.tuple(processAndWord(), fc.nat(8)).map(([{ word, ...instance }, cut]) => ({
    ...instance,
    first: word.slice(0, cut),
    second: word.slice(cut),
  })),
  residual,
  tolerance: ({ condition = 1 }) => 1e-11 * condition ** 2,
  counterexamples: [
    {
      drops: "possible word",
      description: "the golden mean process never emits 11, so no belief follows it",
      instance: { process: goldenMean({ p: 0.5 }), first: [1], second: [1] },
    },
    {
      drops: "one normalizer",
      description: "a process with w = (2, 1) whose updates divide by the sum of the entries instead",
      instance: { process: dividedBySum(goldenMean({ p: 0.5 })), first: [0], second: [1, 0] },
    },
  ],
};
