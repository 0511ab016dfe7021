import {
  coin,
  createHmm,
  goldenMean,
  mixedStatePresentation,
  mixture,
  type Process,
  presentationQuantities,
  shannonEntropy,
} from "@semifactor/ghmm";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { blockProcess, blockWeights } from "../structure/blocks.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { genericLaw } from "./_internal/generic-hmm.ts";
import { areInvariant } from "./_internal/projectors.ts";

/** Processes, and a process that is claimed to be one of them, chosen at the start. */
export interface MixtureEntropiesInstance {
  readonly components: readonly Process[];
  /** Probability of each. */
  readonly weights: readonly number[];
  /** `mixture({ components, weights })` by default. */
  readonly joint?: Process;
}

/** Most mixed states of a presentation that counts as finite. */
const MOST_STATES = 1000;
/** Mixed states merged over a larger distance only converge to each other: the presentation is infinite. */
const ROUNDING = 1e-12;

/** Entropy rate and excess entropy in closed form, where there are finitely many mixed states. */
function quantitiesOf(process: Process) {
  const presentation = mixedStatePresentation(process, { maxStates: MOST_STATES });
  return presentation.complete && presentation.mergeDistance <= ROUNDING
    ? { presentation, ...presentationQuantities(presentation) }
    : undefined;
}

function residual({ components, weights, joint = mixture({ components, weights }) }: MixtureEntropiesInstance): number {
  const whole = quantitiesOf(joint);
  const parts = components.map(quantitiesOf);
  if (whole === undefined) return Number.POSITIVE_INFINITY;
  let [rate, excess] = [0, shannonEntropy(weights)];
  for (const [k, part] of parts.entries()) {
    if (part === undefined) return Number.POSITIVE_INFINITY;
    rate += (weights[k] ?? 0) * part.entropyRate;
    excess += (weights[k] ?? 0) * part.excessEntropy;
  }
  return Math.max(Math.abs(whole.entropyRate - rate), Math.abs(whole.excessEntropy - excess));
}

/** Tokens that every marked component has. */
const SHARED = 2;

/** A clock of `period` steps: at its start it emits its own token, at every other step a shared one by a law of that step. */
function markedClock(seed: number, period: number, marker: number, tokens: number): Process {
  return createHmm({
    operators: Array.from({ length: tokens }, (_, token) =>
      Array.from({ length: period }, (__, phase) => {
        const law = genericLaw(seed, phase, SHARED);
        const probability = phase > 0 ? (law[token] ?? 0) : token === marker ? 1 : 0;
        return Float64Array.from({ length: period }, (___, next) => (next === (phase + 1) % period ? probability : 0));
      }),
    ),
  });
}

const markedClocks = fc
  .array(fc.record({ seed: fc.nat(100_000), period: fc.integer({ min: 1, max: 4 }) }), { minLength: 2, maxLength: 3 })
  .chain((clocks) =>
    fc.nat(100_000).map((seed) => ({
      components: clocks.map((clock, k) => markedClock(clock.seed, clock.period, SHARED + k, SHARED + clocks.length)),
      weights: Array.from(genericLaw(seed, 0, clocks.length)),
    })),
  );

/** Blocks of a process that have weight, and their weights. */
function blocksOf(process: SemiFactoredProcess): MixtureEntropiesInstance {
  const all = blockWeights(process, process.initial);
  const kept = Array.from(all.keys()).filter((beta) => (all[beta] ?? 0) > 0);
  return {
    components: kept.map((beta) => blockProcess(process, beta)),
    weights: kept.map((beta) => all[beta] ?? 0),
    joint: process,
  };
}

const inside = fc.double({ min: 0.05, max: 0.95, noNaN: true });

/** A constant label that is redrawn with probability 1/10 a step. */
const forgetful = createHmm({
  operators: [
    [
      [0.95, 0.05],
      [0, 0],
    ],
    [
      [0, 0],
      [0.05, 0.95],
    ],
  ],
});

/**
 * T17: a mixture of processes that can be told apart has the mean of their entropy rates, and the mean of their excess entropies plus the
 * entropy of which one it is. Standard.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { mixtureEntropies } from "@semifactor/sfp/theorems";
 *
 * const process = families.phaseLockedZ1r({ alpha: 0.5 });
 * const blocks = process.partition.blocks.map(({ states }) => states);
 * const instance = mixtureEntropies.instanceOf({ process, blocks });
 * if (instance === undefined) throw new Error("its blocks can be told apart");
 * expect(checkTheorem(mixtureEntropies, { instance }).holds).toBe(true);
 * ```
 */
export const mixtureEntropies: Theorem<MixtureEntropiesInstance> = {
  id: "T17",
  name: "Entropies of a mixture: rates average, and which one it is adds to the excess",
  statement:
    "Let $P = \\sum_\\beta \\omega_\\beta P_\\beta$ with pairwise mutually singular $P_\\beta$, $h_\\mu = \\lim H(L) / L$ and $E = \\lim (H(L) - L h_\\mu)$. Then $h_\\mu = \\sum_\\beta \\omega_\\beta h_\\beta$ and $E = H(\\omega) + \\sum_\\beta \\omega_\\beta E_\\beta$, where the $h_\\beta$ and $E_\\beta$ exist.",
  status: "standard",
  proof: `Let $B$ be the block. The chain rule of entropy, both ways, gives for every $L$

$$H(X_{1:L}) + H(B \\mid X_{1:L}) = H(B, X_{1:L}) = H(\\omega) + \\sum_\\beta \\omega_\\beta H_\\beta(L).$$

Since $0 \\le H(B \\mid X_{1:L}) \\le H(\\omega)$, dividing by $L$ gives the rates. Subtracting $L h_\\mu = \\sum_\\beta \\omega_\\beta L h_\\beta$ gives

$$H(L) - L h_\\mu = H(\\omega) - H(B \\mid X_{1:L}) + \\sum_\\beta \\omega_\\beta (H_\\beta(L) - L h_\\beta).$$

The posterior $\\omega_\\beta(X_{1:L})$ is a bounded martingale and converges to $P(B = \\beta \\mid X_{1:\\infty})$, which is zero or one almost surely, because mutually singular laws live on disjoint sets of infinite sequences. Entropy is continuous and bounded, so $H(B \\mid X_{1:L}) \\to 0$.

Different stationary ergodic processes are mutually singular, by the ergodic theorem. Equal blocks are not: then $H(B \\mid X_{1:L})$ stays $H(\\omega)$, and $H(\\omega)$ drops out of $E$.`,
  use: "How to change a process without changing its entropy rate: move weight between blocks, not entries of operators. And how much of the excess entropy is persona.",
  untested:
    "Blocks that are told apart only in the limit, such as two coins, have infinitely many mixed states: checked are blocks that some word tells apart for certain, where both sides are closed forms.",
  hypotheses: [
    { id: "mutually singular", statement: "Almost every infinite sequence of one block is impossible for the others." },
    { id: "mixture", statement: "$P = \\sum_\\beta \\omega_\\beta P_\\beta$: the block is chosen once." },
  ],
  needs: "blocks that no operator joins and that finitely many tokens tell apart",
  instanceOf({ process, blocks }) {
    if (blocks === undefined || !areInvariant(process, blocks)) return undefined;
    const structure = tensorStructure({
      factors: [
        { name: "state", dimension: process.stateDim, normalizer: process.normalizer },
        { name: "nothing", dimension: 1 },
      ],
    });
    const cells = blocks.map((states) => states.map((state) => [state, 0]));
    const semi = semiFactored({ process, structure, blocks: cells });
    const whole = quantitiesOf(semi);
    const decided = whole?.presentation.states.every(
      (belief, i) =>
        whole.presentation.recurrent[i] !== true || blockWeights(semi, belief).some((weight) => weight > 1 - ROUNDING),
    );
    const instance = blocksOf(semi);
    return decided === true && instance.components.every((one) => quantitiesOf(one) !== undefined)
      ? instance
      : undefined;
  },
  arbitrary: fc.oneof(
    { weight: 4, arbitrary: markedClocks },
    {
      weight: 1,
      arbitrary: fc.tuple(inside, inside).map(([kappa, alpha]) => blocksOf(phaseLockedZ1r({ kappa, alpha }))),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(inside, inside).map(([p, weight]) =>
        blocksOf(
          personaZ1r({
            random: [0, 1],
            marked: [
              [p, p, p],
              [p, p, p],
            ],
            weights: [weight, 1 - weight],
          }),
        ),
      ),
    },
  ),
  residual,
  tolerance: () => 1e-11,
  counterexamples: [
    {
      drops: "mutually singular",
      description: "the same process twice: which one it is remains unknown, one bit",
      instance: { components: [goldenMean({ p: 0.5 }), goldenMean({ p: 0.5 })], weights: [0.5, 0.5] },
    },
    {
      drops: "mixture",
      description: "always 0 or always 1, but redrawn with probability 1/10 a step: every redraw is new",
      instance: { components: [coin({ p: 0 }), coin({ p: 1 })], weights: [0.5, 0.5], joint: forgetful },
    },
  ],
};
