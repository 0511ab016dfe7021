import { type Process, sharedRandomness, singularValueDecomposition } from "@semifactor/ghmm";
import { applied, checkInteger, operatorsOf } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { checkLength } from "../_internal/checks.ts";
import { sectorProcess } from "../arbitraries/semi-factored-processes.ts";
import { operatorSchmidt } from "../discover/operator-schmidt.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { genericHmm } from "./_internal/generic-hmm.ts";
import { twoFactorsOf } from "./_internal/two-factors.ts";

/** A process over two factors. */
export interface SchmidtRankInstance {
  readonly process: Process;
  /** `[dA, dC]`, whose product is the number of states. */
  readonly dimensions: readonly [number, number];
  /** 2 by default. */
  readonly maxLength?: number;
  /** `S`, row-major `[d, d]`: measure the rank of the next belief `b` in other coordinates, as that of `b S`. */
  readonly nextBasis?: ArrayLike<number>;
  /** Square the entries of the next belief: an update that is not linear. */
  readonly sharpened?: boolean;
}

/** Singular values this much smaller than the largest do not count towards a rank. */
const ZERO = 1e-10;

function residual(instance: SchmidtRankInstance): number {
  const { process, dimensions, maxLength = 2, nextBasis, sharpened = false } = instance;
  const { stateDim } = process;
  checkInteger("checkTheorem", "maxLength", maxLength, 0, 10);
  checkLength("checkTheorem", "initial", process.initial, dimensions[0] * dimensions[1]);
  if (nextBasis !== undefined) checkLength("checkTheorem", "nextBasis", nextBasis, stateDim * stateDim);
  const operators = operatorsOf(process).map((operator) => ({
    operator,
    rank: operatorSchmidt(operator, dimensions).rank,
  }));
  const basis = nextBasis === undefined ? undefined : Float64Array.from(nextBasis);
  const singularValues = (state: Float64Array) => singularValueDecomposition(state, dimensions).values;
  const follow = (state: Float64Array, operator: Float64Array): Float64Array => {
    const image = applied(state, operator);
    const turned = basis === undefined ? image : applied(image, basis);
    return sharpened ? turned.map((value) => value * value) : turned;
  };

  let worst = 0;
  const visit = (state: Float64Array, wordBound: number, left: number): void => {
    const rank = singularValues(state).filter((value, _, values) => value > ZERO * (values[0] ?? 0)).length;
    if (left === 0 || rank === 0) return;
    for (const { operator, rank: factor } of operators) {
      const next = follow(state, operator);
      const values = singularValues(next);
      const [largest = 0] = values;
      if (largest === 0) continue;
      // a bound of at least min(dA, dC) leaves no singular value to look at
      const excess = Math.max(values[factor * rank] ?? 0, values[factor * wordBound] ?? 0);
      worst = Math.max(worst, excess / largest);
      visit(
        next.map((value) => value / largest),
        factor * wordBound,
        left - 1,
      );
    }
  };
  const startRank = singularValues(process.initial).filter((value, _, values) => value > ZERO * (values[0] ?? 0));
  visit(process.initial, startRank.length, maxLength);
  return worst;
}

/** `T^(u,y) = p A_0^u (x) C_0^y + (1 - p) A_1^u (x) C_1^y` with factors in general position: operator-Schmidt rank two. */
function twoPairs(seed: number, dA: number, dC: number): Process {
  const one = (index: number, d: number) => genericHmm({ seed: 4 * seed + index, dimensions: [d, 1], tokens: 2 });
  return sharedRandomness({
    weights: [0.3, 0.7],
    pairs: [
      [one(0, dA), one(1, dC)],
      [one(2, dA), one(3, dC)],
    ],
  });
}

const dimension = fc.integer({ min: 2, max: 4 });

/**
 * T12: one token multiplies the Schmidt rank of a belief by at most the operator-Schmidt rank of its operator. Standard.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { schmidtRankBound } from "@semifactor/sfp/theorems";
 *
 * const instance = { process: families.phaseLockedZ1r({ kappa: 0.5 }), dimensions: [3, 3] } as const;
 * expect(checkTheorem(schmidtRankBound, { instance }).holds).toBe(true);
 * ```
 */
export const schmidtRankBound: Theorem<SchmidtRankInstance> = {
  id: "T12",
  name: "Operator-Schmidt rank bounds the growth of Schmidt rank",
  statement:
    "$\\operatorname{SR}(b T^x) \\le \\operatorname{OSR}(T^x) \\operatorname{SR}(b)$, with $\\operatorname{SR}$ the rank of a belief as a $d_A \\times d_C$ matrix; so $\\operatorname{SR}(b(x_1 \\dots x_L)) \\le \\min(d_A, d_C, \\operatorname{SR}(\\eta_0) \\prod_t \\operatorname{OSR}(T^{x_t}))$.",
  status: "standard",
  proof: `Let $r = \\operatorname{OSR}(T^x)$. By the singular value decomposition of the realigned operator, $T^x = \\sum_{k=1}^r A_k \\otimes C_k$. With $M$ the matrix of $b$, that of $b (A_k \\otimes C_k)$ is $A_k^T M C_k$, since $(b (A \\otimes C))_{a'c'} = \\sum_{ac} A_{aa'} M_{ac} C_{cc'}$. Hence the matrix of $b T^x$ is $\\sum_{k=1}^r A_k^T M C_k$. Each summand has at most the rank of $M$ and rank is subadditive.

Dividing by $b T^x w$ does not change the rank, so the bound holds for beliefs; it is applied once per token, and a $d_A \\times d_C$ matrix has rank at most $\\min(d_A, d_C)$.`,
  use: "Bounds how correlated beliefs can become from the operators alone; with rank one it is T10. A belief of rank r proves that some operator on the way is not a product.",
  hypotheses: [
    {
      id: "one structure",
      statement: "The ranks of the belief, of the operator and of the next belief are those of one tensor structure.",
    },
    { id: "linear update", statement: "The next belief is proportional to $b T^x$." },
  ],
  needs: "two factors",
  instanceOf(subject) {
    const structure = twoFactorsOf(subject);
    if (structure === undefined) return undefined;
    const [first, second] = structure.factors;
    return { process: subject.process, dimensions: [first.dimension, second.dimension], maxLength: 1 };
  },
  arbitrary: fc.oneof(
    fc
      .record({ seed: fc.nat(100_000), dA: dimension, dC: dimension })
      .map(({ seed, dA, dC }): SchmidtRankInstance => ({ process: twoPairs(seed, dA, dC), dimensions: [dA, dC] })),
    sectorProcess().map(
      ({ structure: { factors }, ...process }): SchmidtRankInstance => ({
        process,
        dimensions: [factors[0].dimension, factors[1].dimension],
      }),
    ),
    fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((kappa): SchmidtRankInstance => ({ process: phaseLockedZ1r({ kappa }), dimensions: [3, 3] })),
  ),
  residual,
  tolerance: () => 1e-8,
  counterexamples: [
    {
      drops: "one structure",
      description:
        "a product of independent factors whose next belief is measured after the second factor was permuted by the first",
      instance: {
        process: sharedRandomness({
          weights: [1],
          pairs: [
            [
              genericHmm({ seed: 1, dimensions: [2, 1], tokens: 2 }),
              genericHmm({ seed: 2, dimensions: [2, 1], tokens: 2 }),
            ],
          ],
        }),
        dimensions: [2, 2],
        nextBasis: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0],
      },
    },
    {
      drops: "linear update",
      description:
        "two pairs of factors at random, and probabilities squared at every step: rank three after one token",
      instance: { process: twoPairs(7, 3, 3), dimensions: [3, 3], maxLength: 1, sharpened: true },
    },
  ],
};
