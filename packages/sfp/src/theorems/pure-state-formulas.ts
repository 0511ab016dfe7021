import type { Theorem } from "@semifactor/ghmm/theorems";
import { jointBelief } from "../arbitraries/beliefs.ts";
import {
  ccnrCriterion,
  type Dimensions,
  diagonalState,
  linearEntropy,
  logNegativity,
  negativity,
  partialTrace,
  pureDensity,
  renyiEntropy,
  schmidt,
  squareRootState,
  vonNeumannEntropy,
} from "../entanglement/index.ts";
import { initialProbabilitiesOf } from "./_internal/subject.ts";

/** A belief of two factors, from which the state of the theorem is made. */
export interface PureStateInstance {
  /** `[dA * dC]`, non-negative. */
  readonly belief: ArrayLike<number>;
  readonly dimensions: Dimensions;
  /** The square-root state itself (default), or its diagonal: a mixture with the same probabilities. */
  readonly state?: "pure" | "dephased";
  /** Factor on the Schmidt coefficients in the formulas, 1 by default: another makes them those of a state of another norm. */
  readonly norm?: number;
}

function residual({ belief, dimensions, state = "pure", norm = 1 }: PureStateInstance): number {
  const psi = squareRootState(belief, dimensions);
  const rho = state === "pure" ? pureDensity(psi) : diagonalState(belief);
  const s = schmidt(belief, dimensions, { embedding: "sqrt" }).coefficients.map((value) => value * norm);
  const sum = (power: number) => s.reduce((total, value) => total + (value > 0 ? value ** power : 0), 0);
  const reduced = partialTrace(rho, dimensions, { keep: "first" });
  const entropy = s.reduce((total, value) => (value > 1e-150 ? total - value ** 2 * Math.log2(value ** 2) : total), 0);
  const pairs = [
    [negativity(rho, dimensions), (sum(1) ** 2 - 1) / 2],
    [logNegativity(rho, dimensions), 2 * Math.log2(sum(1))],
    [ccnrCriterion(rho, dimensions).value, sum(1) ** 2],
    [linearEntropy(reduced), 1 - sum(4)],
    [renyiEntropy(reduced, 2), -Math.log2(sum(4))],
    [vonNeumannEntropy(reduced), entropy],
  ] as const;
  return pairs.reduce((worst, [measured, formula]) => Math.max(worst, Math.abs(measured - formula)), 0);
}

/**
 * T23: measures of a pure state are functions of its Schmidt coefficients. Standard.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { pureStateFormulas } from "@semifactor/sfp/theorems";
 *
 * const instance = { belief: [0.375, 0.125, 0.125, 0.375], dimensions: [2, 2] } as const;
 * expect(checkTheorem(pureStateFormulas, { instance }).holds).toBe(true);
 * ```
 */
export const pureStateFormulas: Theorem<PureStateInstance> = {
  id: "T23",
  name: "Measures of a pure state are functions of its Schmidt coefficients",
  statement:
    "With Schmidt coefficients $s$, $\\sum_k s_k^2 = 1$: negativity $((\\sum s)^2 - 1)/2$; log-negativity $2 \\log_2 \\sum s$, the Rényi-1/2 entropy; realignment norm $(\\sum s)^2$; linear entropy $1 - \\sum s^4$, Rényi-2 entropy $-\\log_2 \\sum s^4$ and von Neumann entropy $-\\sum s^2 \\log_2 s^2$ of either side.",
  status: "standard",
  proof:
    "Write $|\\psi\\rangle = \\sum_k s_k |a_k\\rangle|c_k\\rangle$ with orthonormal $a_k$ and $c_k$. Either reduced state has eigenvalues $s_k^2$, which gives the three entropies. The partial transpose of $|\\psi\\rangle\\langle\\psi| = \\sum_{kl} s_k s_l |a_k\\rangle\\langle a_l| \\otimes |c_k\\rangle\\langle c_l|$ is $\\sum_{kl} s_k s_l |a_k\\rangle\\langle a_l| \\otimes |c_l\\rangle\\langle c_k|$: it has eigenvectors $a_k c_k$ with eigenvalue $s_k^2$, and for $k < l$ the vectors $(a_k c_l \\pm a_l c_k)/\\sqrt 2$ with eigenvalue $\\pm s_k s_l$. Its trace norm is $\\sum_{kl} s_k s_l = (\\sum s)^2$. Realignment maps the same operator to $\\sum_{kl} s_k s_l\\, |a_k a_l\\rangle \\langle c_k c_l|$ (up to conjugation), whose singular values are the products $s_k s_l$, with the same sum.",
  use: "One singular value decomposition of the belief matrix gives every measure, and each measure tests the code of the others.",
  hypotheses: [
    { id: "pure state", statement: "$\\rho = |\\psi\\rangle\\langle\\psi|$." },
    { id: "unit norm", statement: "$\\sum_k s_k^2 = 1$." },
  ],
  needs: "two factors and a non-negative initial state",
  instanceOf: initialProbabilitiesOf,
  arbitrary: jointBelief(),
  residual,
  tolerance: () => 1e-11,
  counterexamples: [
    {
      drops: "pure state",
      description:
        "the diagonal of a perfectly correlated pair: as correlated, and not entangled (negativity 0 instead of 1/2)",
      instance: { belief: [0.5, 0, 0, 0.5], dimensions: [2, 2], state: "dephased" },
    },
    {
      drops: "unit norm",
      description: "coefficients of a state of norm 1/2",
      instance: { belief: [0.5, 0, 0, 0.5], dimensions: [2, 2], norm: 0.5 },
    },
  ],
};
