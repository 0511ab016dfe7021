import fc from "fast-check";
import { emissionVectors } from "../belief/update.ts";
import { beliefLevels } from "../information/belief-level.ts";
import { presentationQuantities } from "../information/presentation-quantities.ts";
import { NotConvergedError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { checkInteger } from "../numeric/options.ts";
import { mixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { clonedGoldenMean } from "./_internal/cloned-golden-mean.ts";
import { isStationary } from "./_internal/subject.ts";
import type { Theorem } from "./theorem.ts";

/** A process with finitely many mixed states. */
export interface FinitePresentationInstance {
  readonly process: Process;
  /** The process whose beliefs are to synchronise, with the same words; `process` by default. */
  readonly latent?: Process;
  /** Beliefs this close are one mixed state, 1e-8 by default. */
  readonly tolerance?: number;
  /** Terms of the direct sums; 400 by default, where the rest is checked to be negligible. */
  readonly maxLength?: number;
}

/** More than this many distinct beliefs of one length are not followed. */
const MOST_BELIEFS = 20_000;

/** Largest change of the last terms, times their number, that counts as none. */
const SETTLED = 1e-9;

const plogp = (p: number): number => (p > 0 ? -p * Math.log2(p) : 0);

/** For each length, the expectation of a function of the belief over the words of that length: level by level, nothing closed. */
function expectations(process: Process, maxLength: number, of: (belief: Float64Array) => number): readonly number[] {
  const means: number[] = [];
  for (const level of beliefLevels(process, [{ belief: process.initial, weight: 1 }], MOST_BELIEFS, 1e-9)) {
    means.push(level.mean(of));
    if (means.length === maxLength) break;
  }
  return means;
}

/** The last terms of the direct sums must have arrived, or the sums say nothing about the closed forms. */
function checkSettled(rates: readonly number[]): void {
  const last = rates.slice(-8);
  const change = (Math.max(...last) - Math.min(...last)) * rates.length;
  if (last.length === 8 && change <= SETTLED) return;
  throw new NotConvergedError({
    source: "checkTheorem",
    problem: `after ${rates.length} tokens the sums of T8 still change by about ${change}`,
    remedy: "Give maxLength, long enough for h(L) to arrive; from a start that is not stationary it need not",
  });
}

function residual(instance: FinitePresentationInstance): number {
  const { process, latent = process, tolerance = 1e-8, maxLength = 400 } = instance;
  checkInteger("checkTheorem", "maxLength", maxLength, 1, 10_000);
  const closed = presentationQuantities(mixedStatePresentation(process, { tolerance }));
  const emission = emissionVectors(process);
  const rates = expectations(process, maxLength, (belief) =>
    emission.reduce((sum, vector) => sum + plogp(dot(belief, vector)), 0),
  );
  const rate = rates[rates.length - 1] ?? 0;
  if (instance.maxLength === undefined) checkSettled(rates);
  const uncertainty = expectations(latent, maxLength, (belief) => belief.reduce((sum, p) => sum + plogp(p), 0));
  const excess = rates.reduce((sum, h) => sum + (h - rate), 0);
  const transient = rates.reduce((sum, h, i) => sum + (i + 1) * (h - rate), 0);
  const synchronization = uncertainty.reduce((sum, entropy) => sum + entropy, 0);
  return Math.max(
    Math.abs(closed.entropyRate - rate),
    Math.abs(closed.excessEntropy - excess),
    Math.abs(closed.transientInformation - transient),
    Math.abs((closed.synchronizationInformation ?? synchronization) - synchronization),
  );
}

const probability = fc.double({ min: 0.3, max: 0.7, noNaN: true });

/** A Markov chain: the state is the last token. */
const markovChain: fc.Arbitrary<Process> = fc.integer({ min: 2, max: 3 }).chain((tokens) => {
  const row = fc.array(probability, { minLength: tokens, maxLength: tokens });
  return fc.array(row, { minLength: tokens, maxLength: tokens }).map((rows) =>
    createHmm({
      operators: rows.map((_, x) =>
        rows.map((weights) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          return weights.map((weight, next) => (next === x ? weight / total : 0));
        }),
      ),
    }),
  );
});

/**
 * T8: where the mixed-state presentation is finite, entropy rate, excess entropy, transient information and synchronization
 * information have closed forms in its transition matrix `W`. Standard (Riechers and Crutchfield, Spectral simplicity I).
 *
 * @example
 * ```ts
 * import { rrxor } from "@semifactor/ghmm";
 * import { checkTheorem, finitePresentation } from "@semifactor/ghmm/theorems";
 *
 * expect(checkTheorem(finitePresentation, { instance: { process: rrxor() } }).holds).toBe(true);
 * ```
 */
export const finitePresentation: Theorem<FinitePresentationInstance> = {
  id: "T8",
  name: "Closed forms of a finite presentation are the sums that they stand for",
  statement:
    "$h_\\mu = \\langle \\pi_W | H \\rangle$, $E = \\delta_0 (I-W)^D |H\\rangle = \\sum_L (h(L) - h_\\mu)$, $\\mathrm{TI} = \\delta_0 ((I-W)^D)^2 |H\\rangle = \\sum_L L\\,(h(L) - h_\\mu)$ and $S_{\\mathrm{sync}} = \\delta_0 (I-W)^D |S\\rangle = \\sum_L E\\,H[b(X_{1:L})]$.",
  status: "standard",
  proof: String.raw`In the presentation a belief and a token determine the next belief, so after $L$ tokens the belief is distributed as $\delta_0 W^L$, and the next token depends on the word through the belief only: $h(L+1) = \delta_0 W^L |H\rangle$.

$W$ is a stochastic matrix of finite size. Let $P_1$ be the projector onto its eigenvalue 1, which is semisimple; $\pi_W = \delta_0 P_1$ is the time average of $\delta_0 W^L$. If $h(L)$ has a limit it equals its time average, $h_\mu = \delta_0 P_1 |H\rangle = \langle \pi_W | H \rangle$.

With $Q = I - P_1$, $I - W$ is invertible on the range of $Q$; $(I - W)^D$ is that inverse on the range of $Q$ and zero on that of $P_1$. Since $h(L) - h_\mu = \delta_0 W^{L-1} Q |H\rangle$, geometric sums give
$$ \sum_{L=1}^{N} (h(L) - h_\mu) = \delta_0 (I-W)^D (I - W^N)\, Q |H\rangle . $$
Expand $\delta_0 W^N Q |H\rangle$ in powers of the eigenvalues of $W$ other than 1. Those inside the unit circle die out; those on it (periods) are semisimple and would oscillate for ever, so they have coefficient zero because the limit exists, and then also in $\delta_0 (I-W)^D W^N Q|H\rangle$, where each coefficient is only divided by $1 - \lambda$. What remains is $\delta_0 (I-W)^D |H\rangle = E$. The same with $\sum_L L z^{L-1} = (1-z)^{-2}$ gives $\mathrm{TI} = \delta_0 ((I-W)^D)^2 |H\rangle$.

Let $|S\rangle$ hold the entropies of the beliefs themselves, so that $E\,H[b(X_{1:L})] = \delta_0 W^L |S\rangle$. If the states are the causal states, a state and a token determine the next state, and a recurrent belief knows the state for certain. For suppose its support has several states. Along a recurrent class the support cannot shrink, so no token tells its states $i$, $j$ apart by being impossible, and $b_i / b_j$, given that the state is $j$, is a martingale; it has finitely many values and visits each for ever, so it is constant, and $i$ and $j$ give every continuation the same probability: they are one causal state, a contradiction. So $|S\rangle$ is zero on recurrent beliefs, $P_1 |S\rangle = 0$ and the sum over $L$ is $\delta_0 (I-W)^D |S\rangle$ by the argument above.`,
  use: "Quantities that are defined as infinite sums over words are computed exactly from one small matrix; where the presentation is infinite the library says so instead.",
  hypotheses: [
    { id: "finite presentation", statement: "The process reaches finitely many beliefs, each exactly." },
    {
      id: "limit",
      statement: "$h(L)$ has a limit: the start is stationary, or the recurrent beliefs have no period.",
    },
    {
      id: "causal states",
      statement: "The states are the causal states of the process (for $S_{\\mathrm{sync}}$ only).",
    },
  ],
  needs: "a stationary initial state and finitely many reachable beliefs (64 at most)",
  instanceOf({ process }) {
    if (!isStationary(process)) return undefined;
    const { complete, mergeDistance } = mixedStatePresentation(process, { maxStates: 64 });
    return complete && mergeDistance < 1e-11 ? { process } : undefined;
  },
  arbitrary: fc
    .oneof(
      markovChain,
      probability.map((p) => goldenMean({ p })),
      probability.map((p) => evenOnes({ p })),
      probability.map((p) => zeroOneRandom({ p })),
      fc.constant(rrxor()),
    )
    .map((process) => ({ process })),
  residual,
  tolerance: () => 1e-8,
  counterexamples: [
    {
      drops: "finite presentation",
      description: "Mess3, whose beliefs are uncountably many, with those within 0.1 of each other taken for one",
      instance: { process: mess3({ x: 0.05, a: 0.85 }), tolerance: 0.1, maxLength: 7 },
    },
    {
      drops: "limit",
      description: "a coin is thrown at every other token, and the first is one of these: h(L) is 1, 0, 1, 0, ...",
      instance: {
        process: createHmm({
          operators: [
            [
              [0, 0.5],
              [1, 0],
            ],
            [
              [0, 0.5],
              [0, 0],
            ],
          ],
          initial: [1, 0],
        }),
        maxLength: 100,
      },
    },
    {
      drops: "causal states",
      description: "the golden mean process with a state in two copies, which no observer ever tells apart",
      instance: { process: goldenMean({ p: 0.5 }), latent: clonedGoldenMean, maxLength: 100 },
    },
  ],
};
