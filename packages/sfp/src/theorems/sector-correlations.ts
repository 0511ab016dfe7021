import { shannonEntropy } from "@semifactor/ghmm";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { sideLaws } from "../_internal/side-laws.ts";
import { jointBelief } from "../arbitraries/beliefs.ts";
import {
  amplitudeState,
  type Dimensions,
  mutualInformation,
  partialTrace,
  pureDensity,
  schmidt,
  squareRootState,
  vonNeumannEntropy,
} from "../entanglement/index.ts";
import { bipartition } from "../structure/bipartition.ts";
import { reachedBeliefs } from "./_internal/beliefs.ts";
import { semiFactoredOf } from "./_internal/subject.ts";

/** Beliefs of two factors whose states are divided into blocks. */
export interface SectorCorrelationsInstance {
  /** Beliefs, `[dA * dC]` each. */
  readonly beliefs: readonly ArrayLike<number>[];
  readonly dimensions: Dimensions;
  /** Block of every joint state, `[dA * dC]`: a function of the first factor's state. */
  readonly blockOf: ArrayLike<number>;
  /** `sqrt` by default. */
  readonly embedding?: "sqrt" | "amplitude";
}

/** The belief of each block that has weight, with its weight. */
function parts(belief: ArrayLike<number>, blockOf: ArrayLike<number>) {
  const labels = [...new Set(Array.from(blockOf))];
  return labels.flatMap((label) => {
    const own = Float64Array.from(belief, (value, s) => (blockOf[s] === label ? value : 0));
    const weight = own.reduce((sum, value) => sum + value, 0);
    return weight > 0 ? [{ weight, belief: own.map((value) => value / weight) }] : [];
  });
}

function residualAt(
  belief: ArrayLike<number>,
  { dimensions, blockOf, embedding = "sqrt" }: SectorCorrelationsInstance,
): number {
  const sectors = parts(belief, blockOf);
  const state = embedding === "sqrt" ? squareRootState : amplitudeState;
  const mean = (of: (part: Float64Array) => number) =>
    sectors.reduce((sum, { weight, belief: own }) => sum + weight * of(own), 0);
  const reduced = (own: ArrayLike<number>) =>
    Float64Array.from(
      partialTrace(pureDensity(state(own, dimensions)), dimensions, { keep: "second" }) as Float64Array,
    );
  const mixed = new Float64Array(dimensions[1] ** 2);
  for (const { weight, belief: own } of sectors) {
    reduced(own).forEach((value, i) => {
      mixed[i] = (mixed[i] ?? 0) + weight * value;
    });
  }
  const chi = vonNeumannEntropy(mixed) - mean((own) => vonNeumannEntropy(reduced(own)));
  const entropy = schmidt(belief, dimensions, { embedding }).entropy;
  const ofSecond = (own: ArrayLike<number>) => shannonEntropy(sideLaws(own, dimensions).second);
  const label = ofSecond(belief) - mean(ofSecond);
  const information = mutualInformation(belief, dimensions);
  return Math.max(
    Math.abs(entropy - mean((own) => schmidt(own, dimensions, { embedding }).entropy) - chi),
    Math.abs(information - mean((own) => mutualInformation(own, dimensions)) - label),
    -chi,
    chi - shannonEntropy(sectors.map(({ weight }) => weight)),
    -label,
    label - chi,
    0,
  );
}

function residual(instance: SectorCorrelationsInstance): number {
  return instance.beliefs.reduce<number>((worst, belief) => Math.max(worst, residualAt(belief, instance)), 0);
}

/**
 * T18: in sectors, the Schmidt entropy of a belief is its mean within sectors plus a Holevo quantity chi, what the capability state
 * reveals about the sector. Stated and proved by this project.
 *
 * @example
 * ```ts
 * import { beliefState } from "@semifactor/ghmm";
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { sectorCorrelations } from "@semifactor/sfp/theorems";
 *
 * const process = families.personaMess3({ theta: 1 });
 * const instance = { beliefs: [beliefState(process, [3, 4])], dimensions: [2, 3], blockOf: process.partition.blockOf } as const;
 * expect(checkTheorem(sectorCorrelations, { instance }).holds).toBe(true);
 * ```
 */
export const sectorCorrelations: Theorem<SectorCorrelationsInstance> = {
  id: "T18",
  name: "Correlation is within sectors, or says which sector",
  statement:
    "Let the blocks be sectors of $A$ and $b = \\sum_i \\omega_i b_i$ a belief $\\ge 0$ with its parts. In the square-root embedding $S_{sqrt}(b) = \\sum_i \\omega_i S_{sqrt}(b_i) + \\chi$ with $\\chi = S(\\sum_i \\omega_i \\rho_C^i) - \\sum_i \\omega_i S(\\rho_C^i)$; for probabilities $I(A:C) = \\sum_i \\omega_i I_i + I(i:C)$; and $0 \\le I(i:C) \\le \\chi \\le H(\\omega)$.",
  status: "reconstruction",
  proof:
    "The vectors $\\sqrt{b} = \\sum_i \\sqrt{\\omega_i} \\sqrt{b_i}$ have parts with orthogonal supports in $A$. Tracing $A$ out leaves no cross terms: $\\rho_C = \\sum_i \\omega_i \\rho_C^i$, where $S(\\rho_C^i) = S_{sqrt}(b_i)$ because $\\sqrt{b_i}$ is pure. Subtracting gives the first equation. $\\chi$ is the Holevo quantity of the ensemble $(\\omega_i, \\rho_C^i)$: non-negative by concavity and at most $H(\\omega)$. The sector $i$ is a function of $A$'s state, so the chain rule gives $I(A:C) = I(i:C) + I(A:C \\mid i)$, the second equation. Measuring $C$ in the computational basis finds $c$ with probability $b_i(c)$ in $\\rho_C^i$, and Holevo's bound is $I(i:C) \\le \\chi$.",
  use: "Separates two reasons for a correlated belief: the factors are coupled inside a persona, or the capability state tells personas apart. $\\chi = 0$ if and only if all $\\rho_C^i$ are equal.",
  hypotheses: [
    { id: "sectors", statement: "The block is a function of $A$'s state." },
    { id: "square roots", statement: "The state has amplitudes $\\sqrt{b}$ (for the first equation)." },
  ],
  needs: "two or more factors and sector blocks, with non-negative beliefs",
  instanceOf(subject) {
    const process = semiFactoredOf(subject);
    if (process?.kind !== "sector" || process.certificate.kind !== "hmm") return undefined;
    const { dimensions, order, arrange } = bipartition(process.structure, process.partition.conserved);
    const length = Math.min(3, Math.floor(Math.log(4096) / Math.log(process.alphabet.length + 1)));
    return {
      beliefs: reachedBeliefs(process, length).map(({ belief }) => arrange(belief)),
      dimensions,
      blockOf: Int32Array.from(order, (s) => process.partition.blockOf[s] ?? 0),
    };
  },
  arbitrary: fc
    .tuple(jointBelief(), fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }))
    .map(([{ belief, dimensions }, labels]) => ({
      beliefs: [belief],
      dimensions,
      blockOf: Array.from(belief, (_, s) => labels[Math.floor(s / dimensions[1])] ?? 0),
    })),
  residual,
  tolerance: () => 1e-11,
  counterexamples: [
    {
      drops: "sectors",
      description:
        "blocks {(a, c): a = c} and {(a, c): a != c} of a uniform belief over two bits: each part is correlated, the whole is not",
      instance: { beliefs: [[0.25, 0.25, 0.25, 0.25]], dimensions: [2, 2], blockOf: [0, 1, 1, 0] },
    },
    {
      drops: "square roots",
      description: "the belief itself as amplitudes, two personas of weights 0.8 and 0.2",
      instance: {
        beliefs: [[0.6, 0.2, 0.05, 0.15]],
        dimensions: [2, 2],
        blockOf: [0, 0, 1, 1],
        embedding: "amplitude",
      },
    },
  ],
};
