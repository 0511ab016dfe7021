import { createHmm, shannonEntropy } from "@semifactor/ghmm";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { mutualInformation, schmidt } from "../entanglement/index.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { bipartition } from "../structure/bipartition.ts";
import { blockWeights, withinBlockBelief } from "../structure/blocks.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { reachedBeliefs } from "./_internal/beliefs.ts";
import { markedSectors } from "./_internal/marked-sectors.ts";
import { separationRate } from "./_internal/separation.ts";
import { semiFactoredOf } from "./_internal/subject.ts";
import { sectorCorrelations } from "./sector-correlations.ts";

/** A process with sectors, and how fast words tell them apart. */
export interface AsymptoticBlindnessInstance {
  readonly process: SemiFactoredProcess;
  /** A `rho` with `sum_{|h| = t} sqrt(P_i(h) P_j(h)) <= rho^t` for any two sectors; read off the operators by default. */
  readonly affinityRate?: number;
  /** 3 by default. */
  readonly maxLength?: number;
}

/** The sectored factor and the others; for blocks that are no sectors, the first factor and the others. */
function sides({ structure, partition, kind }: SemiFactoredProcess) {
  const split = kind === "sector" ? bipartition(structure, partition.conserved) : bipartition(structure);
  return { ...split, blockOf: Int32Array.from(split.order, (s) => partition.blockOf[s] ?? 0) };
}

/** What the theorem says of one belief: the violation, and the entropy and affinity of its block weights. */
function atBelief(process: SemiFactoredProcess, split: ReturnType<typeof sides>, belief: Float64Array) {
  const { dimensions, arrange, blockOf } = split;
  const joint = arrange(belief);
  const weights = Array.from(blockWeights(process, belief), (weight) => Math.max(0, weight));
  const entropy = shannonEntropy(weights);
  const roots = weights.reduce((sum, weight) => sum + Math.sqrt(weight), 0);
  // sum_{i < j} sqrt(omega_i omega_j)
  const affinity = Math.max(0, (roots * roots - 1) / 2);
  const best = weights.indexOf(Math.max(...weights));
  const own = arrange(withinBlockBelief(process, belief, best));
  const rest = (1 - (weights[best] ?? 0)) * Math.log2(Math.min(...dimensions)) + entropy;
  const violation = Math.max(
    sectorCorrelations.residual({ beliefs: [joint], dimensions, blockOf }),
    entropy - 2 * affinity,
    Math.abs(schmidt(joint, dimensions).entropy - schmidt(own, dimensions).entropy) - rest,
    Math.abs(mutualInformation(joint, dimensions) - mutualInformation(own, dimensions)) - rest,
  );
  return { violation, entropy, affinity };
}

function residual({ process, affinityRate, maxLength = 3 }: AsymptoticBlindnessInstance): number {
  const rate = affinityRate ?? separationRate(process);
  const split = sides(process);
  const entropies = new Float64Array(maxLength + 1);
  const affinities = new Float64Array(maxLength + 1);
  let worst = 0;
  for (const { word, probability, belief } of reachedBeliefs(process, maxLength)) {
    const { violation, entropy, affinity } = atBelief(process, split, belief);
    worst = Math.max(worst, violation);
    entropies[word.length] = (entropies[word.length] ?? 0) + probability * entropy;
    affinities[word.length] = (affinities[word.length] ?? 0) + probability * affinity;
  }
  const start = affinities[0] ?? 0;
  for (let t = 1; t <= maxLength; t++) {
    worst = Math.max(
      worst,
      (entropies[t] ?? 0) - (entropies[t - 1] ?? 0),
      (affinities[t] ?? 0) - (affinities[t - 1] ?? 0),
      (affinities[t] ?? 0) - start * rate ** t,
      (entropies[t] ?? 0) - 2 * start * rate ** t,
    );
  }
  return worst;
}

/** Two personas over a static bit, `T^x = T(x)` diagonal in the four states `2 i + c`; blocks as given. */
function staticBits(
  ones: readonly number[],
  initial: readonly number[],
  blocks: "sectors" | readonly (readonly (readonly number[])[])[],
): SemiFactoredProcess {
  const diagonal = (entry: (p: number) => number) =>
    ones.map((p, s) => ones.map((_, column) => (s === column ? entry(p) : 0)));
  return semiFactored({
    process: createHmm({ operators: [diagonal((p) => 1 - p), diagonal((p) => p)], initial }),
    structure: tensorStructure({
      factors: [
        { name: "persona", dimension: 2 },
        { name: "capability", dimension: 2 },
      ],
    }),
    blocks,
  });
}

const leaky = leakySector({ leak: 1, weights: [0.99, 0.01] });

/**
 * T33: in a process with static sectors that words can tell apart, what a belief's capability says about the sector vanishes with the
 * context, whatever the coupling. Stated and proved by this project.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { asymptoticBlindness } from "@semifactor/sfp/theorems";
 *
 * const instance = { process: families.personaZ1r({ variant: "semi-s" }), maxLength: 4 };
 * expect(checkTheorem(asymptoticBlindness, { instance }).holds).toBe(true);
 * ```
 */
export const asymptoticBlindness: Theorem<AsymptoticBlindnessInstance> = {
  id: "T33",
  name: "Correlation with a static label fades with the context",
  statement:
    "Let the blocks be sectors of $A$ with laws $P_i$ that are pairwise mutually singular, in an HMM. Then the weights $\\omega(h)$ of almost every sequence tend to one-hot, and with $i^*$ its block $\\chi \\to 0$, $S_{sqrt}(b) - S_{sqrt}(b_{i^*}) \\to 0$ and $I(A:C) - I_{i^*} \\to 0$; with sectors of one state both correlations tend to 0. At every length $t$: $0 \\le \\chi \\le H(\\omega)$, $|S_{sqrt}(b) - S_{sqrt}(b_{i^*})|$ and $|I(A:C) - I_{i^*}|$ are at most $(1 - \\omega_{i^*}) \\log_2 \\min(d_A, d_C) + H(\\omega)$, $E[H(\\omega_t)]$ is non-increasing, and $E[\\chi_t] \\le E[H(\\omega_t)] \\le 2 \\sum_{i<j} \\sqrt{\\omega_i \\omega_j} B_t(i, j)$ with the prior weights and the affinity $B_t(i, j) = \\sum_{|h|=t} \\sqrt{P_i(h) P_j(h)}$, which is at most $\\rho^t$ where a set of tokens separates the emissions of any two sectors' states.",
  status: "reconstruction",
  proof:
    "One step: T18 gives $S_{sqrt}(b) = \\sum_i \\omega_i S_{sqrt}(b_i) + \\chi$ with $0 \\le \\chi \\le H(\\omega)$, so $S_{sqrt}(b) - S_{sqrt}(b_{i^*}) = \\sum_{i \\ne i^*} \\omega_i (S_{sqrt}(b_i) - S_{sqrt}(b_{i^*})) + \\chi$; every $S_{sqrt}(b_i)$ is between 0 and $\\log_2 \\min(d_A, d_C)$. The same with $I_i$ and $I(i:C) \\le \\chi$. A sector of one state has $S_{sqrt}(b_i) = I_i = 0$.\n\nMean: $H_2(p) \\le 2 \\sqrt{p (1 - p)}$ bits and the chain rule of entropy give $H(\\omega) \\le \\sum_k 2 \\sqrt{\\omega_k \\sum_{j>k} \\omega_j} \\le 2 \\sum_{k<j} \\sqrt{\\omega_k \\omega_j}$. By Bayes (T15 i, iv) $P(h) \\omega_i(h) = \\omega_i P_i(h)$, so $E \\sqrt{\\omega_i(h) \\omega_j(h)} = \\sqrt{\\omega_i \\omega_j} B_t(i, j)$. $B_t$ is non-increasing in $t$ by the inequality of Cauchy and Schwarz and tends to $\\int \\sqrt{dP_i \\, dP_j}$, which is 0 if and only if $P_i$ and $P_j$ are mutually singular. Hence $E[\\chi_t] \\le E[H(\\omega_t)] \\to 0$. $\\omega_t$ is a bounded martingale (T15 ii) and $H$ is concave, so $H(\\omega_t)$ is a bounded supermartingale: its mean is non-increasing and it converges almost surely, to a limit of mean 0, which is 0. The martingale itself converges almost surely, and a limit without entropy is one-hot. With the first paragraph everything follows.\n\nRate: if a set of tokens has probability at least $p$ in every state of one sector and at most $q < p$ in every state of the other, the affinity of the two predictions after any history is at most that of the set and its complement (grouping outcomes does not lower it), which is at most $\\rho = \\sqrt{p q} + \\sqrt{(1-p)(1-q)}$; multiply over the steps.",
  use: "Belief-level correlation between a static alignment label and capability is a transient of context position: report it by position, and use operator-level measures, or a label that does not stay, for statements that do not depend on it.",
  untested:
    "The limits along almost every sequence rest on the proof; instances are checked at finite lengths: the inequalities after every word, and the decrease of the means with its rate.",
  hypotheses: [
    { id: "sectors", statement: "The block is a function of $A$'s state." },
    { id: "conserved", statement: "The blocks are conserved: $P_i T^x = T^x P_i$." },
    {
      id: "mutually singular",
      statement:
        "Any two blocks have mutually singular laws; for the rate, $\\sum_{|h|=t} \\sqrt{P_i(h) P_j(h)} \\le \\rho^t$ with $\\rho < 1$.",
    },
  ],
  needs: "an HMM with two or more factors and sector blocks",
  instanceOf(subject) {
    const process = semiFactoredOf(subject);
    if (process?.kind !== "sector" || process.certificate.kind !== "hmm") return undefined;
    return { process, maxLength: Math.min(4, Math.floor(Math.log(1024) / Math.log(process.alphabet.length + 1))) };
  },
  arbitrary: fc.oneof(
    markedSectors.map((process) => ({ process, maxLength: 2 })),
    fc
      .record({ theta: fc.double({ min: 0, max: 1, noNaN: true }), delta: fc.double({ min: 0, max: 1, noNaN: true }) })
      .map((options) => ({ process: personaMess3(options), maxLength: 2 })),
    fc
      .constantFrom("factored" as const, "semi" as const, "semi-s" as const)
      .map((variant) => ({ process: personaZ1r({ variant }), maxLength: 2 })),
  ),
  residual,
  tolerance: () => 1e-11,
  counterexamples: [
    {
      drops: "mutually singular",
      description: "two personas that toss the same coin, each with a capability state of its own: chi stays 1",
      instance: {
        process: staticBits([0.3, 0.3, 0.3, 0.3], [0.5, 0, 0, 0.5], "sectors"),
        affinityRate: 0.5,
      },
    },
    {
      drops: "conserved",
      description: "a persona that is redrawn at every step out of SR: its entropy grows from 0.08 bits",
      instance: {
        process: semiFactored({
          process: leaky.process,
          structure: leaky.structure,
          blocks: leaky.partition,
          tolerance: 1,
        }),
      },
    },
    {
      drops: "sectors",
      description:
        "a coin that tells whether two static bits agree: the block becomes certain, and the bits stay one correlated pair",
      instance: {
        process: staticBits(
          [0.1, 0.9, 0.9, 0.1],
          [0.25, 0.25, 0.25, 0.25],
          [
            [
              [0, 0],
              [1, 1],
            ],
            [
              [0, 1],
              [1, 0],
            ],
          ],
        ),
      },
    },
  ],
};
