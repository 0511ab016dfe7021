import fc from "fast-check";
import { hmm } from "../arbitraries/processes.ts";
import { nonErgodicHmm, periodicHmm, sparseHmm } from "../arbitraries/structured.ts";
import type { Process } from "../process/process.ts";
import { withParts } from "../process/with-parts.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { isStationary, lengthWithin } from "./_internal/subject.ts";
import { blockEntropy, checkLength } from "./_internal/words.ts";
import type { Theorem } from "./theorem.ts";

/** States that the initial state is a mixture of. */
export interface Preparations {
  /** Probabilities, `[n]`. */
  readonly weights: readonly number[];
  /** Beliefs, `[n][d]`, with `sum_i weights[i] states[i] = eta0`. */
  readonly states: readonly ArrayLike<number>[];
}

/** A process, and what the lower bound is told about its start. */
export interface EntropySandwichInstance {
  readonly process: Process;
  /** The hidden states of an HMM, by default; none for another process, which then has no lower bound. */
  readonly preparations?: Preparations;
  /** 5 by default. */
  readonly maxLength?: number;
}

/** `H(0), H(1), ..., H(maxLength)` in bits, from every word. */
const blockEntropies = (process: Process, maxLength: number): readonly number[] =>
  Array.from({ length: maxLength + 1 }, (_, length) => blockEntropy(process, length));

const differences = (values: readonly number[]): readonly number[] =>
  values.slice(1).map((value, i) => value - (values[i] ?? 0));

function hiddenStates(process: Process): Preparations {
  const states = Array.from(process.initial, (_, s) => process.initial.map((__, r) => (r === s ? 1 : 0)));
  return { weights: Array.from(process.initial), states };
}

function residual(instance: EntropySandwichInstance): number {
  const { process, maxLength = 5 } = instance;
  checkLength(maxLength);
  const preparations =
    instance.preparations ?? (process.certificate.kind === "hmm" ? hiddenStates(process) : undefined);
  const upper = differences(blockEntropies(process, maxLength));
  const rises = upper.slice(1).map((value, i) => value - (upper[i] ?? 0));
  if (preparations === undefined) return Math.max(0, ...rises);
  const conditional = new Array<number>(maxLength + 1).fill(0);
  preparations.states.forEach((state, i) => {
    const weight = preparations.weights[i] ?? 0;
    if (weight === 0) return;
    blockEntropies(withParts(process, { initial: Float64Array.from(state) }), maxLength).forEach((entropy, length) => {
      conditional[length] = (conditional[length] ?? 0) + weight * entropy;
    });
  });
  const lower = differences(conditional);
  const falls = lower.slice(1).map((value, i) => (lower[i] ?? 0) - value);
  const crossings = lower.map((value, i) => value - (upper[i] ?? 0));
  return Math.max(0, ...rises, ...falls, ...crossings);
}

/** Measurements of a qubit along z and along x, states (1, x, z), from the mixed state. */
const walk = tomQuantum({ alpha: 1, beta: 1 });
const half = Math.SQRT1_2;

/**
 * T7: for a stationary process `h(L) = H(L) - H(L - 1)` falls to the entropy rate, and for an HMM `H[X_L | X_1:L-1, S_0]` rises to it:
 * bounds from both sides that close. Standard (Cover and Thomas, Elements of Information Theory, 4.5).
 *
 * @example
 * ```ts
 * import { mess3 } from "@semifactor/ghmm";
 * import { checkTheorem, entropySandwich } from "@semifactor/ghmm/theorems";
 *
 * expect(checkTheorem(entropySandwich, { instance: { process: mess3({ x: 0.15, a: 0.6 }) } }).holds).toBe(true);
 * ```
 */
export const entropySandwich: Theorem<EntropySandwichInstance> = {
  id: "T7",
  name: "Conditional entropies bound the entropy rate from both sides",
  statement:
    "$H[X_L \\mid X_{1:L-1}, S_0] \\le h_\\mu \\le h(L) = H[X_L \\mid X_{1:L-1}]$; in $L$ the left side does not fall and the right side does not rise.",
  status: "standard",
  proof: String.raw`Write $h(L) = H[X_L \mid X_{1:L-1}]$ and $\ell(L) = H[X_L \mid X_{1:L-1}, S_0]$.

_Right side._ Forgetting the first token cannot lower an entropy: $h(L+1) = H[X_{L+1} \mid X_{1:L}] \le H[X_{L+1} \mid X_{2:L}]$, which is $h(L)$ by stationarity. A falling sequence that is not negative has a limit, and $h_\mu$ is that limit, so $h_\mu \le h(L)$.

_Left side._ Given $S_1$, the tokens after the first are independent of $X_1$ and $S_0$. So
$$ \ell(L+1) = H[X_{L+1} \mid X_{1:L}, S_0] \ge H[X_{L+1} \mid X_{1:L}, S_0, S_1] = H[X_{L+1} \mid X_{2:L}, S_1] = \ell(L) , $$
the last step by stationarity.

_They meet._ $h(L) - \ell(L) = I[X_L ; S_0 \mid X_{1:L-1}] \ge 0$, and by the chain rule $\sum_{L \le N} (h(L) - \ell(L)) = I[X_{1:N} ; S_0] \le \log_2 d$ for every $N$. The terms of a bounded sum of non-negative numbers tend to zero, so $\ell(L)$ rises to $h_\mu$ as well, and stays below it.`,
  use: "It brackets the entropy rate, the loss that no predictor can beat on average, by two numbers that can be computed for any length, without a closed form.",
  untested:
    "That both sides arrive at $h_\\mu$: of the limit, instances show that the sides are ordered and monotone up to five tokens.",
  hypotheses: [
    { id: "stationary start", statement: "$\\eta_0 T = \\eta_0$." },
    { id: "hidden state", statement: "$S_0$ is the hidden state of an HMM (for the left inequality only)." },
  ],
  needs: "a stationary initial state",
  instanceOf: ({ process }) => (isStationary(process) ? { process, maxLength: lengthWithin(process, 5) } : undefined),
  arbitrary: fc
    .oneof(
      hmm({ maxStates: 3 }),
      sparseHmm({ maxStates: 4 }),
      periodicHmm().map((it) => it.process),
      nonErgodicHmm({ maxStates: 2 }).map((it) => it.process),
    )
    .map((process) => ({ process })),
  residual,
  tolerance: () => 1e-10,
  counterexamples: [
    {
      drops: "stationary start",
      description: "Z1R started in its first state: 0 and 1 for certain, then a random token, so h(3) exceeds h(2)",
      instance: { process: { ...zeroOneRandom({ p: 0.5 }), initial: Float64Array.of(1, 0, 0) } },
    },
    {
      drops: "hidden state",
      description:
        "a qubit prepared along a diagonal of the axes that it is measured on: the first token is more random than any later one",
      instance: {
        process: walk,
        preparations: {
          weights: [0.5, 0.5],
          states: [
            [1, half, half],
            [1, -half, -half],
          ],
        },
      },
    },
  ],
};
