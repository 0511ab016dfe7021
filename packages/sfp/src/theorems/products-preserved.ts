import { changeBasis, conditionalTransitions, createHmm, type Process } from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import {
  applied,
  checkInteger,
  dot,
  IMPOSSIBLE,
  kronecker,
  kroneckerVector,
  largestDifference,
  scaleOf,
} from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { alignmentAndCapability } from "../arbitraries/partitions.ts";
import { chainedProcess, type FactoredProcess, independentProcess } from "../arbitraries/products.ts";
import { nearestKronecker, nearestKroneckerProcess } from "../discover/nearest-kronecker.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { staticLabels } from "../families/static-labels.ts";
import { marginals } from "../structure/marginals.ts";
import { type TensorStructure, tensorStructure } from "../structure/tensor-structure.ts";
import { invertible } from "./_internal/maps.ts";
import { productOfExperts } from "./_internal/product-of-experts.ts";
import { resetMap, swapMap } from "./_internal/product-preserving.ts";
import { twoFactorsOf } from "./_internal/two-factors.ts";

/** A process over two factors. */
export interface ProductsPreservedInstance {
  readonly process: Process;
  /** Two factors. */
  readonly structure: TensorStructure;
  /** Number of tokens of the second factor, token `(u, y)` being `u |Y| + y`, where the operators are claimed to be a chain. */
  readonly chainTokens?: number;
  /** 2 by default. */
  readonly maxLength?: number;
  /** Condition number of the basis of the factors, 1 by default. */
  readonly condition?: number;
}

/** Differences up to this are rounding of what was meant to be equal. */
const EXACT = 1e-12;

const rows = (matrix: Float64Array, d: number) =>
  Array.from({ length: d }, (_, s) => matrix.subarray(s * d, s * d + d));

function residual({ process, structure, chainTokens, maxLength = 2 }: ProductsPreservedInstance): number {
  checkInteger("checkTheorem", "maxLength", maxLength, 0, 10);
  if (chainTokens !== undefined) checkInteger("checkTheorem", "chainTokens", chainTokens, 1, process.alphabet.length);
  const [first, second] = structure.factors;
  const parts = process.alphabet.map((_, token) =>
    nearestKronecker(process.operator(token), [first.dimension, second.dimension]),
  );
  let worst = 0;
  const see = (difference: number, scale = 1): void => {
    worst = Math.max(worst, difference / scale);
  };
  const visit = (belief: Float64Array, left: number): void => {
    const [a, c] = marginals(structure, belief);
    see(largestDifference(belief, kroneckerVector(a, c)), scaleOf(belief));
    if (left === 0) return;
    const afterOwnToken = new Map<number, Float64Array>();
    for (const [token, part] of parts.entries()) {
      const next = new Float64Array(belief.length);
      const p = process.step(belief, token, next);
      const [movedA, movedC] = [applied(a, part.first), applied(c, part.second)];
      const [pA, pC] = [dot(movedA, first.normalizer), dot(movedC, second.normalizer)];
      see(Math.abs(p - pA * pC));
      if (p <= IMPOSSIBLE) continue;
      const [nextA, nextC] = marginals(structure, next);
      const expectedA = movedA.map((value) => value / pA);
      const expectedC = movedC.map((value) => value / pC);
      see(largestDifference(nextA, expectedA), scaleOf(nextA));
      see(largestDifference(nextC, expectedC), scaleOf(nextC));
      if (chainTokens !== undefined) {
        const u = Math.floor(token / chainTokens);
        const known = afterOwnToken.get(u) ?? nextA;
        afterOwnToken.set(u, known);
        see(largestDifference(nextA, known), scaleOf(nextA));
      }
      visit(next, left - 1);
    }
  };
  visit(process.initial, maxLength);
  return worst;
}

/** Whether a matrix is a multiple of another one. */
function areProportional(a: Float64Array, b: Float64Array): boolean {
  const norms = dot(a, a) * dot(b, b);
  return norms === 0 || 1 - dot(a, b) ** 2 / norms <= EXACT;
}

/** The same process in other coordinates of each factor. */
function inBasis(
  { process, structure, condition, ...rest }: ProductsPreservedInstance,
  bases: readonly Float64Array[],
) {
  const [first, second] = structure.factors;
  const [sA = new Float64Array(0), sC = new Float64Array(0)] = bases;
  const basis = kronecker(sA, first.dimension, sC, second.dimension);
  const turned = (factor: typeof first, s: Float64Array) => ({
    name: factor.name,
    dimension: factor.dimension,
    normalizer: rows(s, factor.dimension).map((row) => dot(row, factor.normalizer)),
  });
  return {
    ...rest,
    process: changeBasis(process, rows(basis, process.stateDim)),
    structure: tensorStructure({ factors: [turned(first, sA), turned(second, sC)] }),
    // of two bases of condition number at most 20 each
    condition: 400 * (condition ?? 1),
  };
}

const chainOf = ({ process, structure, tokenSizes }: FactoredProcess): ProductsPreservedInstance => ({
  process,
  structure,
  chainTokens: tokenSizes[1],
});

/** Two variants of one size. */
const variants = fc.integer({ min: 1, max: 3 }).chain((states) => {
  const variant = hmm({ maxStates: states, maxTokens: 2, stationary: false }).filter(
    ({ stateDim, alphabet }) => stateDim === states && alphabet.length === 2,
  );
  return fc.tuple(variant, variant);
});

/** Each factor moves as the token of the other says: products, but no chain. */
const crossed = fc.tuple(variants, variants).map(
  ([first, second]): ProductsPreservedInstance => ({
    process: conditionalTransitions({
      factors: [
        { variants: first, transition: [0, 1, 0, 1] },
        { variants: second, transition: [0, 0, 1, 1] },
      ],
    }),
    structure: alignmentAndCapability(first[0].stateDim, second[0].stateDim),
  }),
);

const plain = fc.oneof(independentProcess({ stationary: false }).map(chainOf), chainedProcess().map(chainOf), crossed);

const inSomeBasis = plain.chain((instance) => {
  const [first, second] = instance.structure.factors;
  return fc.tuple(invertible(first.dimension), invertible(second.dimension)).map((bases) => inBasis(instance, bases));
});

/** Fair coins with two states; a factor goes to the state that the token of the other says. */
const exchange: Process = (() => {
  const go = (to: number) => {
    const row = [0, 1].map((s) => (s === to ? 0.5 : 0));
    return createHmm({
      operators: [
        [row, row],
        [row, row],
      ],
      initial: [0.5, 0.5],
    });
  };
  const variants = [go(0), go(1)];
  return conditionalTransitions({
    factors: [
      { variants, transition: [0, 1, 0, 1] },
      { variants, transition: [0, 0, 1, 1] },
    ],
  });
})();

const withStructure = (process: Process & { readonly structure: TensorStructure }): ProductsPreservedInstance => ({
  process,
  structure: process.structure,
});
const coupledPhases = withStructure(phaseLockedZ1r({ kappa: 0.5 }));
const correlatedLabels = withStructure(staticLabels({ alpha: 0.5 }));
const binary = alignmentAndCapability(2, 2);

/**
 * T10: operators that are products keep beliefs products, and each factor's belief moves by its own operators; in a chain the first
 * factor's belief ignores the second. Standard.
 *
 * Not conversely: resets and the swap keep products too.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { productsPreserved } from "@semifactor/sfp/theorems";
 *
 * const process = families.phaseLockedZ1r({ kappa: 0 });
 * const instance = { process, structure: process.structure, chainTokens: 2 };
 * expect(checkTheorem(productsPreserved, { instance }).holds).toBe(true);
 * ```
 */
export const productsPreserved: Theorem<ProductsPreservedInstance> = {
  id: "T10",
  name: "Operators that are products keep beliefs products",
  statement:
    "If every $T^x = A^x \\otimes C^x$ and $\\eta_0 = \\eta_A \\otimes \\eta_C$, then $b(h) = b_A(h) \\otimes b_C(h)$, $P(x \\mid h) = (b_A A^x w_A)(b_C C^x w_C)$, $b_A(hx) = b_A A^x / (b_A A^x w_A)$ and $b_C$ alike. In a chain, $T^{(u,y)} = A^u \\otimes C_u^y$, $b_A(h(u,y))$ does not depend on $y$.",
  status: "standard",
  proof: `$(b_A \\otimes b_C)(A^x \\otimes C^x) = b_A A^x \\otimes b_C C^x$, and its product with $w = w_A \\otimes w_C$ is $(b_A A^x w_A)(b_C C^x w_C)$: that is $P(x \\mid h)$, and dividing by it leaves the product of the two updated beliefs. Contracting with $w_C$ or $w_A$, which beliefs have product one with, gives the marginals. Induction over the length of the word.

In a chain $A^{(u,y)} = A^u$ up to a factor, which cancels in the update of $b_A$: it depends on $b_A$ and $u$ alone.

**Not conversely.** $b \\mapsto (b \\Phi) \\otimes c_0$ maps every belief to a product, and so does the swap of two equal factors; the operator-Schmidt rank of the former can be three, of the latter it is $d_A^2$. In both the factors have no updates of their own. An invertible operator that maps products to products is $A \\otimes C$, or that followed by the swap (Marcus and Moyls).

**Not for products of experts.** If each factor's token is chosen given the other's in the same step, and the product of the two probabilities is divided by its sum $Z(b)$, then $P(x \\mid b)$ is the product of the factors' probabilities divided by a number that depends on the belief. It is no longer $b T^x w$, and no theorem on linear updates applies.`,
  use: "Why a factored process can be tracked, and represented, one factor at a time: the sum of the factors' dimensions instead of their product.",
  untested:
    "The right converse, that an invertible operator that maps products to products is a product or one followed by the swap, is literature (Marcus and Moyls).",
  hypotheses: [
    { id: "rank-one operators", statement: "$T^x = A^x \\otimes C^x$ for every $x$." },
    { id: "product start", statement: "$\\eta_0 = \\eta_A \\otimes \\eta_C$." },
    {
      id: "linear update",
      statement: "$P(x \\mid b) = b T^x w$ with one $w$: nothing is divided by a number that depends on the belief.",
    },
    { id: "chain", statement: "$A^{(u,y)} \\propto A^u$ (for the last claim)." },
  ],
  needs: "two factors, operators that are products, and a product start; tokenSizes for the claim on chains",
  instanceOf(subject) {
    const structure = twoFactorsOf(subject);
    if (structure === undefined) return undefined;
    const { process, tokenSizes = [] } = subject;
    const [first, second] = structure.factors;
    const { tokens } = nearestKroneckerProcess(process, [first.dimension, second.dimension]);
    const [a, c] = marginals(structure, process.initial);
    const applies =
      tokens.every(({ relativeResidual }) => relativeResidual <= EXACT) &&
      largestDifference(kroneckerVector(a, c), process.initial) <= EXACT * scaleOf(process.initial);
    if (!applies) return undefined;
    const [, ...others] = tokenSizes;
    const size = others.reduce((product, count) => product * count, 1);
    const isChain =
      others.length > 0 &&
      tokens.every(({ first: matrix }, token) =>
        areProportional(matrix, tokens[token - (token % size)]?.first ?? new Float64Array(0)),
      );
    return { process, structure, ...(isChain ? { chainTokens: size } : {}) };
  },
  arbitrary: fc.oneof(plain, inSomeBasis),
  residual,
  tolerance: ({ condition = 1 }) => 1e-13 * condition,
  counterexamples: [
    {
      drops: "rank-one operators",
      description: "two phases whose random bits are coupled: a belief that is no product after one token",
      instance: coupledPhases,
    },
    {
      drops: "rank-one operators",
      description:
        "a reset of the second factor: beliefs are products, but the first factor's moves by what the second one is",
      instance: { process: resetMap, structure: alignmentAndCapability(2, 3) },
    },
    {
      drops: "rank-one operators",
      description: "two bits that change places: beliefs are products, but each becomes what the other was",
      instance: { process: swapMap, structure: binary },
    },
    {
      drops: "product start",
      description: "two static labels that are correlated from the start: 1/8 from the product of their marginals",
      instance: correlatedLabels,
    },
    {
      drops: "linear update",
      description: "a product of experts: probabilities divided by 1.3 at the start",
      instance: { process: productOfExperts, structure: alignmentAndCapability(2, 1) },
    },
    {
      drops: "chain",
      description: "a factor that moves to the state that the other's token says",
      instance: { process: exchange, structure: binary, chainTokens: 2 },
    },
  ],
};
