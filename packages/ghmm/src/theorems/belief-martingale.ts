import fc from "fast-check";
import { hmm } from "../arbitraries/processes.ts";
import { nonErgodicHmm, periodicHmm, sparseHmm } from "../arbitraries/structured.ts";
import { ShapeError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { netOperator } from "../process/validate.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { isKept, isStationary, lengthWithin } from "./_internal/subject.ts";
import { applied, checkLength, largestDifference, operatorsOf, scaleOf, wordStates } from "./_internal/words.ts";
import type { Theorem } from "./theorem.ts";

/** A process and a linear functional of its beliefs. */
export interface MartingaleInstance {
  readonly process: Process;
  /** `v`, `[d]`; `w` by default, whose martingale is constant. */
  readonly functional?: ArrayLike<number>;
  /** 3 by default. */
  readonly maxLength?: number;
}

function residual({ process, functional = process.normalizer, maxLength = 3 }: MartingaleInstance): number {
  checkLength(maxLength);
  if (functional.length !== process.stateDim) {
    throw new ShapeError({
      source: "checkTheorem",
      problem: `functional has ${functional.length} entries for ${process.stateDim} states`,
      remedy: "Give one number per state",
    });
  }
  const net = netOperator(operatorsOf(process), process.stateDim);
  const next = new Float64Array(process.stateDim);
  let worst = 0;
  for (let length = 0; length <= maxLength; length++) {
    const mean = new Float64Array(process.stateDim);
    for (const { state } of wordStates(process, length)) {
      state.forEach((value, s) => {
        mean[s] = (mean[s] ?? 0) + value;
      });
      const probability = dot(state, process.normalizer);
      if (probability <= IMPOSSIBLE) continue;
      const belief = state.map((value) => value / probability);
      const expected = new Float64Array(process.stateDim);
      process.alphabet.forEach((_, token) => {
        const p = process.step(belief, token, next);
        if (p > 0)
          next.forEach((value, s) => {
            expected[s] = (expected[s] ?? 0) + p * value;
          });
      });
      const drift = Math.abs(dot(expected, Float64Array.from(functional)) - dot(belief, Float64Array.from(functional)));
      worst = Math.max(worst, largestDifference(expected, applied(belief, net)) / scaleOf(belief), drift);
    }
    worst = Math.max(worst, largestDifference(mean, process.initial));
  }
  return worst;
}

const golden = goldenMean({ p: 0.5 });

/**
 * T6: the expected next belief is `b T`, so `b . v` is a martingale for every `v` with `T v = v`, and the mean belief of a stationary
 * process is its stationary state at every length. Standard.
 *
 * With `v = w` the martingale is constant; in a process with several blocks `v = P_beta w` gives the weight of a block.
 *
 * @example
 * ```ts
 * import { mess3 } from "@semifactor/ghmm";
 * import { beliefMartingale, checkTheorem } from "@semifactor/ghmm/theorems";
 *
 * expect(checkTheorem(beliefMartingale, { instance: { process: mess3({ x: 0.15, a: 0.6 }) } }).holds).toBe(true);
 * ```
 */
export const beliefMartingale: Theorem<MartingaleInstance> = {
  id: "T6",
  name: "Beliefs have no drift along what the net operator keeps",
  statement:
    "$E[b(hX) \\mid h] = b(h) T$; $E[b(hX) v \\mid h] = b(h) v$ whenever $T v = v$; and $E[b(X_{1:L})] = \\eta_0$ for every $L$.",
  status: "standard",
  proof: String.raw`After $h$ the token $x$ has probability $b T^x w$ (with $b = b(h)$) and leads to $b T^x / (b T^x w)$. In the expectation the probability cancels the normalisation:
$$ E[b(hX) \mid h] = \sum_{x : P(x \mid h) > 0} (b T^x w)\, \frac{b T^x}{b T^x w} = \sum_x b T^x = b T . $$
Tokens of probability zero are missing from the first sum but not from the second; for them $b T^x w = 0$ means that $b T^x$ gives every continuation probability zero, and in an HMM (or in minimal coordinates) $b T^x = 0$. Multiplied by $v$ with $T v = v$: $E[b(hX) v \mid h] = b T v = b v$. Applied $L$ times from $\eta_0$: $E[b(X_{1:L})] = \eta_0 T^L$, which is $\eta_0$ for a stationary start.`,
  use: "Quantities without drift are the conserved ones: with $v = P_\\beta w$ it says that evidence about the block of a semi-factored process is a martingale, which converges.",
  hypotheses: [
    { id: "fixed functional", statement: "$T v = v$ (for the second claim)." },
    { id: "stationary start", statement: "$\\eta_0 T = \\eta_0$ (for the third claim)." },
  ],
  needs: "a stationary initial state",
  instanceOf({ process, blocks }) {
    if (!isStationary(process)) return undefined;
    const block = new Set(blocks?.[0]);
    const weight = process.normalizer.map((value, s) => (block.has(s) ? value : 0));
    const maxLength = lengthWithin(process, 3);
    return blocks !== undefined && isKept(process, weight)
      ? { process, functional: weight, maxLength }
      : { process, maxLength };
  },
  arbitrary: fc.oneof(
    fc
      .oneof(
        hmm(),
        sparseHmm(),
        periodicHmm().map((it) => it.process),
      )
      .map((process) => ({ process })),
    nonErgodicHmm({ maxStates: 2 }).map(({ process, components }) => ({
      process,
      functional: Array.from({ length: process.stateDim }, (_, s) => (s < (components[0]?.stateDim ?? 0) ? 1 : 0)),
    })),
  ),
  residual,
  tolerance: () => 1e-11,
  counterexamples: [
    {
      drops: "fixed functional",
      description: "the probability of the first state of the golden mean process, which mixes",
      instance: { process: golden, functional: [1, 0] },
    },
    {
      drops: "stationary start",
      description: "the golden mean process started in its first state",
      instance: { process: { ...golden, initial: Float64Array.of(1, 0) } },
    },
  ],
};
