import { shannonEntropy } from "@semifactor/ghmm";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { sideLaws } from "../_internal/side-laws.ts";
import { jointBelief } from "../arbitraries/beliefs.ts";
import {
  amplitudeState,
  type Dimensions,
  mutualInformation,
  pureDensity,
  quantumMutualInformation,
  schmidt,
  squareRootState,
} from "../entanglement/index.ts";
import { initialProbabilitiesOf } from "./_internal/subject.ts";

/** A belief of two factors. */
export interface InformationBoundsInstance {
  /** `[dA * dC]`, non-negative, sum one. */
  readonly belief: ArrayLike<number>;
  readonly dimensions: Dimensions;
  /** `sqrt` by default. */
  readonly embedding?: "sqrt" | "amplitude";
}

function residual({ belief, dimensions, embedding = "sqrt" }: InformationBoundsInstance): number {
  const [dA, dC] = dimensions;
  const information = mutualInformation(belief, dimensions);
  const { entropy } = schmidt(belief, dimensions, { embedding });
  const { first, second } = sideLaws(belief, dimensions);
  const [ofFirst, ofSecond] = [shannonEntropy(first), shannonEntropy(second)];
  const psi = embedding === "sqrt" ? squareRootState(belief, dimensions) : amplitudeState(belief, dimensions);
  const quantum = quantumMutualInformation(pureDensity(psi), dimensions);
  return Math.max(
    -information,
    information - entropy,
    entropy - Math.min(ofFirst, ofSecond),
    Math.min(ofFirst, ofSecond) - Math.log2(Math.min(dA, dC)),
    Math.abs(quantum - 2 * entropy),
    0,
  );
}

/**
 * T20: the mutual information of a belief is at most the Schmidt entropy of its square roots, which is at most the entropy of either
 * marginal. Stated and proved by this project, from Holevo's bound.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { informationBounds } from "@semifactor/sfp/theorems";
 *
 * const instance = { belief: [0.4, 0.1, 0.2, 0.3], dimensions: [2, 2] } as const;
 * expect(checkTheorem(informationBounds, { instance }).holds).toBe(true);
 * ```
 */
export const informationBounds: Theorem<InformationBoundsInstance> = {
  id: "T20",
  name: "Mutual information is at most the Schmidt entropy of square roots",
  statement:
    "For a belief $b \\ge 0$ of two factors, $0 \\le I(A:C) \\le S_{sqrt}(b) \\le \\min(H(b_A), H(b_C))$, and $\\min(H(b_A), H(b_C)) \\le \\log_2 \\min(d_A, d_C)$; the quantum mutual information of $|\\psi\\rangle = \\sum \\sqrt{b_{ac}} |ac\\rangle$ is $2 S_{sqrt}(b)$.",
  status: "reconstruction",
  proof:
    "Measure $C$ of $|\\psi\\rangle$ in the computational basis: outcome $c$ has probability $b_C(c)$ and leaves $A$ in the pure state $\\sum_a \\sqrt{b(a \\mid c)} |a\\rangle$, and the average of these states is $\\rho_A$. Measuring $A$ in its basis then finds $a$ with probability $b(a \\mid c)$, so Holevo's bound gives $I(A:C) \\le S(\\rho_A) - \\sum_c b_C(c) \\cdot 0 = S_{sqrt}$. The diagonal of $\\rho_A$ is $b_A$, and deleting off-diagonal entries does not lower the entropy: $S(\\rho_A) \\le H(b_A)$; likewise for $C$, whose reduced state has the same entropy. The smaller of two marginal entropies is at most the logarithm of the smaller dimension: if $d_A \\le d_C$ then $H(b_A) \\le \\log_2 d_A$. A pure joint state has entropy zero, so that its quantum mutual information is $S(\\rho_A) + S(\\rho_C) = 2 S_{sqrt}$. Perfect correlation makes all four equal.",
  use: "Bounds the correlation of a belief from both sides, and says what the Schmidt entropy of a classical belief is: an upper bound of its mutual information, never evidence of anything quantum.",
  hypotheses: [
    { id: "square roots", statement: "The state has amplitudes $\\sqrt{b_{ac}}$, so that its diagonal is $b$." },
  ],
  needs: "two factors and a non-negative initial state",
  instanceOf: initialProbabilitiesOf,
  arbitrary: fc.oneof(
    jointBelief(),
    // perfect correlation, where all bounds are equalities
    fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }).map((weights) => {
      const n = weights.length;
      const total = weights.reduce((sum, value) => sum + value, 0);
      const belief = new Float64Array(n * n);
      weights.forEach((value, i) => {
        belief[i * (n + 1)] = value / total;
      });
      return { belief, dimensions: [n, n] as const };
    }),
  ),
  residual,
  tolerance: () => 1e-11,
  counterexamples: [
    {
      drops: "square roots",
      description:
        "the belief itself as amplitudes: 99 to 1, perfectly correlated, has I = .0808 bits and S_amp = .0014",
      instance: { belief: [0.99, 0, 0, 0.01], dimensions: [2, 2], embedding: "amplitude" },
    },
  ],
};
