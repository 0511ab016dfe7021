import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { jointBelief, productBelief } from "../arbitraries/beliefs.ts";
import {
  ccnrCriterion,
  type Dimensions,
  diagonalState,
  ensembleState,
  mutualInformation,
  negativity,
  pptCriterion,
  pureDensity,
  quantumMutualInformation,
  squareRootState,
} from "../entanglement/index.ts";
import { reachedBeliefs } from "./_internal/beliefs.ts";
import { structureOf } from "./_internal/subject.ts";

/** Beliefs of two factors with their probabilities. */
export interface SeparableEnsembleInstance {
  readonly dimensions: Dimensions;
  readonly beliefs: readonly ArrayLike<number>[];
  /** Probabilities of the beliefs, sum one. */
  readonly weights: readonly number[];
  /** Whether the beliefs are claimed to be products, so that the first claim is checked. */
  readonly products?: boolean;
  /** How beliefs are embedded for the last claim: `diagonal` (default) or, wrongly, as a pure state. */
  readonly embedding?: "diagonal" | "sqrt";
}

function residual(instance: SeparableEnsembleInstance): number {
  const { dimensions, beliefs, weights, products = false, embedding = "diagonal" } = instance;
  const states = beliefs.map((belief) => squareRootState(belief, dimensions));
  const rho = ensembleState({ weights, states });
  const entangled = negativity(rho, dimensions);
  const mean = states.reduce((sum, psi, i) => sum + (weights[i] ?? 0) * negativity(pureDensity(psi), dimensions), 0);
  const claims = [entangled - mean];
  if (products) {
    const { value } = pptCriterion(rho, dimensions);
    claims.push(entangled, -value, ccnrCriterion(rho, dimensions).value - 1);
  }
  beliefs.forEach((belief, i) => {
    const state = embedding === "diagonal" ? diagonalState(belief) : pureDensity(states[i] ?? []);
    if (embedding === "diagonal") claims.push(negativity(state, dimensions));
    claims.push(Math.abs(quantumMutualInformation(state, dimensions) - mutualInformation(belief, dimensions)));
  });
  return Math.max(0, ...claims);
}

/**
 * T22: an ensemble of product beliefs is separable whatever its probabilities, mixing does not create entanglement, and the diagonal
 * embedding of a belief is never entangled. Standard.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { separableEnsembles } from "@semifactor/sfp/theorems";
 *
 * const instance = {
 *   dimensions: [2, 2],
 *   beliefs: [[0.81, 0.09, 0.09, 0.01], [0.01, 0.09, 0.09, 0.81]],
 *   weights: [0.5, 0.5],
 *   products: true,
 * } as const;
 * expect(checkTheorem(separableEnsembles, { instance }).holds).toBe(true);
 * ```
 */
export const separableEnsembles: Theorem<SeparableEnsembleInstance> = {
  id: "T22",
  name: "Ensembles of product beliefs are separable",
  statement:
    "Let $\\rho = \\sum_h P(h) |\\psi_h\\rangle\\langle\\psi_h|$ with $\\psi_h = \\sqrt{b(h)}$. If every $b(h)$ is a product, $\\rho$ is separable: its partial transpose is positive, its negativity 0 and its realignment norm at most 1. Always $N(\\rho) \\le \\sum_h P(h) N(\\psi_h)$ and $E_F(\\rho) \\le \\sum_h P(h) S(\\psi_h)$. The diagonal embedding $\\mathrm{diag}(b)$ is separable, with quantum mutual information $I(A:C)$.",
  status: "standard",
  proof:
    "The square root of a product is a product, so $\\rho = \\sum_h P(h)\\, \\alpha_h \\otimes \\gamma_h$ with states $\\alpha_h$, $\\gamma_h$. Its partial transpose $\\sum_h P(h)\\, \\alpha_h \\otimes \\gamma_h^T$ is a mixture of states, hence positive with trace norm one. Realignment maps each product to a matrix of rank one with norm $\\|\\alpha_h\\|_F \\|\\gamma_h\\|_F \\le 1$, and norms are convex. Negativity is convex because the trace norm is, and the partial transpose is linear. $E_F$ is the minimum of the mean entropy over decompositions of $\\rho$, of which the given one is one. $\\mathrm{diag}(b) = \\sum_{ac} b_{ac} |a\\rangle\\langle a| \\otimes |c\\rangle\\langle c|$ is a mixture of products with eigenvalues $b$, its reduced states have eigenvalues $b_A$ and $b_C$, and the entropies are those of probabilities.",
  use: "Negativity of the ensemble above zero proves that some belief is correlated. The converse fails: zero negativity does not say that the process is factored.",
  untested: "The bound on the entanglement of formation $E_F$ rests on its definition.",
  hypotheses: [
    { id: "product beliefs", statement: "Every $b(h)$ is a product (for the first claim)." },
    { id: "diagonal embedding", statement: "The state is $\\mathrm{diag}(b)$ (for the last claim)." },
  ],
  needs: "two factors and an HMM",
  instanceOf(subject) {
    const factors = structureOf(subject)?.factors;
    const { process } = subject;
    if (factors?.length !== 2 || process.certificate.kind !== "hmm") return undefined;
    const length = Math.min(3, Math.floor(Math.log(256) / Math.log(process.alphabet.length + 1)));
    const reached = reachedBeliefs(process, length).filter(({ word }) => word.length === length);
    return {
      dimensions: [factors[0].dimension, factors[1].dimension],
      beliefs: reached.map(({ belief }) => belief),
      weights: reached.map(({ probability }) => probability),
    };
  },
  arbitrary: fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.integer({ min: 1, max: 4 }))
    .chain(([dA, dC, products, count]) => {
      const drawn = (products ? productBelief({ maxDimension: 3 }) : jointBelief({ maxDimension: 3 })).filter(
        ({ dimensions }) => dimensions[0] === dA && dimensions[1] === dC,
      );
      const weight = fc.double({ min: 0.1, max: 1, noNaN: true });
      return fc.array(fc.tuple(drawn, weight), { minLength: count, maxLength: count }).map((parts) => {
        const total = parts.reduce((sum, [, value]) => sum + value, 0);
        return {
          dimensions: [dA, dC] as const,
          beliefs: parts.map(([{ belief }]) => belief),
          weights: parts.map(([, value]) => value / total),
          products,
        };
      });
    }),
  residual,
  tolerance: () => 1e-11,
  counterexamples: [
    {
      drops: "product beliefs",
      description: "one perfectly correlated belief: negativity 1/2, realignment norm 2",
      instance: { dimensions: [2, 2], beliefs: [[0.5, 0, 0, 0.5]], weights: [1], products: true },
    },
    {
      drops: "diagonal embedding",
      description: "the square-root state of a perfectly correlated belief has quantum mutual information 2, twice I",
      instance: { dimensions: [2, 2], beliefs: [[0.5, 0, 0, 0.5]], weights: [1], embedding: "sqrt" },
    },
  ],
};
