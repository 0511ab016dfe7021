import { singularValueDecomposition } from "@semifactor/ghmm";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { sideLaws } from "../_internal/side-laws.ts";
import { jointBelief, productBelief } from "../arbitraries/beliefs.ts";
import { type Dimensions, mutualInformation, schmidt } from "../entanglement/index.ts";
import { initialLawOf } from "./_internal/subject.ts";

/** A belief of two factors. */
export interface ProductBeliefInstance {
  /** `[dA * dC]`, sum one. */
  readonly belief: ArrayLike<number>;
  readonly dimensions: Dimensions;
  /** Dimensions in which the correlation is measured, those of the belief by default. */
  readonly measuredIn?: Dimensions;
  /** Take the square roots of absolute values, which a signed belief has. */
  readonly absolute?: boolean;
}

const entropyBound = (miss: number, rank: number): number => {
  const epsilon = Math.min(Math.max(miss, 0), 1);
  if (epsilon === 0 || rank <= 1) return 0;
  // the entropy of a law whose largest probability is 1 - epsilon
  const binary = epsilon === 1 ? 0 : -epsilon * Math.log2(epsilon) - (1 - epsilon) * Math.log2(1 - epsilon);
  return epsilon <= 0.5 ? binary + epsilon * Math.log2(rank - 1) : Math.log2(rank);
};

/** Distance of a belief from the product of its marginals: total variation and Frobenius. */
function distances(belief: ArrayLike<number>, [dA, dC]: Dimensions): { variation: number; frobenius: number } {
  const { first, second } = sideLaws(belief, [dA, dC]);
  let [absolute, squares] = [0, 0];
  for (let i = 0; i < dA * dC; i++) {
    const difference = (belief[i] ?? 0) - (first[Math.floor(i / dC)] ?? 0) * (second[i % dC] ?? 0);
    absolute += Math.abs(difference);
    squares += difference ** 2;
  }
  return { variation: absolute / 2, frobenius: Math.sqrt(squares) };
}

function residual(instance: ProductBeliefInstance): number {
  const { belief, dimensions, measuredIn = dimensions, absolute = false } = instance;
  const [dA, dC] = measuredIn;
  const { variation, frobenius } = distances(belief, dimensions);
  const { values } = singularValueDecomposition(belief, [dA, dC]);
  const norm = Math.hypot(...values);
  const rest = Math.hypot(...values.slice(1));
  const rank = Math.min(dA, dC);
  const amplitude = schmidt(belief, measuredIn, { embedding: "amplitude" }).entropy;
  const size = Math.sqrt(dA * dC);
  const claims = [
    frobenius - rest * (1 + size * (3 * (values[0] ?? 0) + rest)),
    rest - frobenius,
    (rest / norm) ** 2 * Math.LOG2E - amplitude,
    amplitude - entropyBound((rest / norm) ** 2, rank),
  ];
  const positive = absolute ? Float64Array.from(belief, Math.abs) : Float64Array.from(belief);
  if (positive.every((value) => value >= 0)) {
    const total = positive.reduce((sum, value) => sum + value, 0);
    const law = positive.map((value) => value / total);
    const root = schmidt(law, measuredIn, { embedding: "sqrt" }).entropy;
    const information = Math.max(mutualInformation(law, measuredIn), 0);
    claims.push(
      root - entropyBound(2 * variation, rank),
      information - root,
      variation - Math.sqrt((information * Math.LN2) / 2),
    );
  }
  return Math.max(0, ...claims);
}

/**
 * T19: a belief is a product if and only if its Schmidt rank is one, and if and only if any of its entropies of correlation vanishes.
 * Standard; checked as a circle of inequalities between the quantities, each of which makes the next vanish.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { productBeliefs } from "@semifactor/sfp/theorems";
 *
 * const instance = { belief: [0.06, 0.14, 0.24, 0.56], dimensions: [2, 2] } as const; // (.2, .8) x (.3, .7)
 * expect(checkTheorem(productBeliefs, { instance }).holds).toBe(true);
 * ```
 */
export const productBeliefs: Theorem<ProductBeliefInstance> = {
  id: "T19",
  name: "Five ways to say that a belief is a product",
  statement:
    "For a belief $b$ of two factors, as matrix $M$ with singular values $s$, $F^2 = \\sum_{k \\ge 2} s_k^2$, $\\delta = b - b_A \\otimes b_C$, $n = \\sqrt{d_A d_C}$ and $g(\\epsilon) = H_2(\\epsilon) + \\epsilon \\log_2(\\min(d_A, d_C) - 1)$ for $\\epsilon \\le 1/2$ ($\\log_2 \\min(d_A, d_C)$ above): $F \\le \\|\\delta\\|_F \\le F(1 + n(3 s_1 + F))$; $F^2/\\|M\\|^2 \\le S_{amp} \\ln 2$ and $S_{amp} \\le g(F^2/\\|M\\|^2)$; and if $b \\ge 0$, with $t = \\|\\delta\\|_1/2$: $S_{sqrt} \\le g(2t)$, $I \\le S_{sqrt}$, $t \\le \\sqrt{I \\ln 2 / 2}$. Hence rank one $\\iff b = b_A \\otimes b_C \\iff S_{amp} = 0 \\iff S_{sqrt} = 0 \\iff I = 0$.",
  status: "standard",
  proof:
    "$F$ is the distance of $M$ from the nearest matrix of rank one (Eckart and Young), and $b_A b_C^T$ has rank one: $F \\le \\|\\delta\\|_F$. Conversely let $M = R + E$ with $R = s_1 u v^T$ and $\\|E\\|_F = F$, and $J = 1 1^T$, $\\|J\\|_F = n$. Since $1^T M 1 = 1$, $b_A b_C^T = M J M$ and $R J R = (1^T R 1) R = (1 - 1^T E 1) R$, so that $M J M - M = -(1^T E 1) R + R J E + E J R + E J E - E$, of norm at most $3 n s_1 F + n F^2 + F$. The probabilities $\\lambda_k = s_k^2/\\|M\\|^2$ have $1 - \\lambda_1 = F^2/\\|M\\|^2 = \\epsilon$: their entropy is at least $-\\log_2 \\lambda_1 \\ge \\epsilon/\\ln 2$ and, the rest being spread over at most $\\min(d_A, d_C) - 1$ outcomes, at most $g(\\epsilon)$. For the square-root state the largest $\\lambda$ is the largest squared overlap with a product vector, at least $(\\sum_{ac} \\sqrt{b\\, b_A b_C})^2 \\ge (1 - t)^2 \\ge 1 - 2t$, and $g$ increases. $I \\le S_{sqrt}$ is T20, and $I = D(b \\| b_A \\otimes b_C)$ bounds $t$ by Pinsker's inequality.",
  use: "Any one of the five numbers is a test of productness; they differ in how they grow away from it.",
  hypotheses: [
    { id: "one structure", statement: "Rank, marginals and entropies are those of the same factors." },
    { id: "non-negative belief", statement: "$b \\ge 0$ (for $S_{sqrt}$ and $I$)." },
  ],
  needs: "two factors with normalizers of ones",
  instanceOf: initialLawOf,
  arbitrary: fc.oneof(jointBelief(), productBelief(), jointBelief({ signed: true }), productBelief({ signed: true })),
  residual,
  tolerance: () => 1e-7,
  counterexamples: [
    {
      drops: "one structure",
      description: "a product of dimensions 2 x 3, whose correlations are measured as if they were 3 x 2",
      instance: { belief: [0.1, 0.06, 0.04, 0.4, 0.24, 0.16], dimensions: [2, 3], measuredIn: [3, 2] },
    },
    {
      drops: "non-negative belief",
      description: "a signed belief of rank two whose absolute values are a product: S_sqrt and I of those vanish",
      instance: { belief: [0.5, 0.5, 0.5, -0.5], dimensions: [2, 2], absolute: true },
    },
  ],
};
