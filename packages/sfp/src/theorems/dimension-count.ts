import { mess3, type Process, ShapeError, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
import { gaugeTransformed, hmm } from "@semifactor/ghmm/arbitraries";
import { checkInteger, independentFactors } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { affineDimension } from "./_internal/affine-dimension.ts";

/** Processes side by side, and the words after which their beliefs are compared. */
export interface DimensionCountInstance {
  /** Two or more. */
  readonly factors: readonly Process[];
  /** The process that is claimed to be all of them side by side, `tensorProduct(...factors)` by default. */
  readonly joint?: Process;
  /** Beliefs after words of exactly this length, 2 by default. */
  readonly length?: number;
}

/** Where each process is after one word. */
type Beliefs = readonly Float64Array[];

const product = (values: readonly number[]): number => values.reduce((total, value) => total * value, 1);

/** The token of each factor in a joint token, the slowest factor first. */
function ownTokens(factors: readonly Process[], token: number): readonly number[] {
  let left = token;
  return factors
    .toReversed()
    .map(({ alphabet }) => {
      const own = left % alphabet.length;
      left = Math.floor(left / alphabet.length);
      return own;
    })
    .toReversed();
}

/** The beliefs of the joint process and of the factors after every possible joint word of one length. */
function beliefsAfter(
  joint: Process,
  factors: readonly Process[],
  length: number,
): readonly (readonly [Float64Array, Beliefs])[] {
  type Node = readonly [Float64Array, Beliefs];
  let level: readonly Node[] = [[joint.initial, factors.map(({ initial }) => initial)]];
  for (let t = 0; t < length; t++) {
    level = level.flatMap(([belief, own]) =>
      joint.alphabet.flatMap((_, token): readonly Node[] => {
        const next = new Float64Array(joint.stateDim);
        if (joint.step(belief, token, next) === 0) return [];
        const tokens = ownTokens(factors, token);
        const moved = factors.map((factor, n) => {
          const out = new Float64Array(factor.stateDim);
          factor.step(own[n] ?? out, tokens[n] ?? 0, out);
          return out;
        });
        return [[next, moved]];
      }),
    );
  }
  return level;
}

/** Largest `|log P(x | b) - sum_n log P(u_n | b_n)|` over possible joint tokens. */
function additivityDefect(joint: Process, factors: readonly Process[], belief: Float64Array, own: Beliefs): number {
  const scratch = factors.map(({ stateDim }) => new Float64Array(stateDim));
  return joint.alphabet.reduce((worst, _, token) => {
    const p = joint.step(belief, token, new Float64Array(joint.stateDim));
    if (p === 0) return worst;
    const tokens = ownTokens(factors, token);
    const sum = factors.reduce((total, factor, n) => {
      const out = scratch[n] ?? new Float64Array(0);
      return total + Math.log(factor.step(own[n] ?? out, tokens[n] ?? 0, out));
    }, 0);
    return Math.max(worst, Math.abs(Math.log(p) - sum));
  }, 0);
}

function residual({ factors, joint: given, length = 2 }: DimensionCountInstance): number {
  checkInteger("checkTheorem", "length", length, 0, 10);
  const dimensions = factors.map(({ stateDim }) => stateDim);
  const tokens = product(factors.map(({ alphabet }) => alphabet.length));
  const refuse = (problem: string): never => {
    const remedy = "Give two or more factors and a joint process over all of their states and tokens";
    throw new ShapeError({ source: "checkTheorem", problem, remedy });
  };
  if (factors.length < 2) refuse(`there are ${factors.length} factors`);
  const joint = given ?? factors.reduce((whole, factor) => tensorProduct(whole, factor));
  if (product(dimensions) !== joint.stateDim || tokens !== joint.alphabet.length) {
    refuse(
      `the factors have ${product(dimensions)} joint states and ${tokens} joint tokens, the joint process ${joint.stateDim} and ${joint.alphabet.length}`,
    );
  }
  const reached = beliefsAfter(joint, factors, length);
  const tensor = affineDimension(reached.map(([belief]) => belief));
  const sum = affineDimension(reached.map(([, own]) => own.flatMap((part) => Array.from(part))));
  return Math.max(
    Math.abs(tensor - (product(dimensions) - 1)),
    Math.abs(sum - dimensions.reduce((total, d) => total + d - 1, 0)),
    ...reached.map(([belief, own]) => additivityDefect(joint, factors, belief, own)),
  );
}

/** Whether the beliefs of a factor after the words of a length span its affine space, and clearly so. */
function spans(factor: Process, length: number): boolean {
  const points = beliefsAfter(factor, [factor], length).map(([belief]) => belief);
  return affineDimension(points, 0.02) === factor.stateDim - 1;
}

const LENGTH = 2;

const factor = fc
  .oneof(
    hmm({ maxStates: 3, stationary: false }),
    gaugeTransformed({ maxStates: 2 }).map(({ ghmm }) => ghmm),
    fc.double({ min: 0.05, max: 0.25, noNaN: true }).map((x) => mess3({ x, a: 0.6 })),
    fc.double({ min: 0.1, max: 0.9, noNaN: true }).map((p) => zeroOneRandom({ p })),
  )
  .filter((process) => spans(process, LENGTH));

/** Three factors of two or three states have words enough after one token. */
const small = hmm({ maxStates: 2, stationary: false }).filter((process) => spans(process, 1));

/**
 * T13: beliefs of independent factors fill `prod d_n - 1` dimensions as products and `sum (d_n - 1)` side by side, and
 * log-probabilities of their tokens add up. Standard.
 *
 * @example
 * ```ts
 * import { mess3 } from "@semifactor/ghmm";
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { dimensionCount } from "@semifactor/sfp/theorems";
 *
 * const factor = mess3({ x: 0.15, a: 0.6 });
 * // 8 dimensions against 4
 * expect(checkTheorem(dimensionCount, { instance: { factors: [factor, factor] } }).holds).toBe(true);
 * ```
 *
 * Source: Shai et al., Transformers learn factored representations, arXiv 2602.02385.
 */
export const dimensionCount: Theorem<DimensionCountInstance> = {
  id: "T13",
  name: "Dimensions multiply in a tensor product and add side by side",
  statement:
    "Let the beliefs of $N$ independent factors after words of one length span affine spaces of the full dimensions $d_n - 1$. Then the products $b_1 \\otimes \\dots \\otimes b_N$ span an affine space of dimension $\\prod_n d_n - 1$, the vectors $[b_1, \\dots, b_N]$ one of dimension $\\sum_n (d_n - 1)$, and $\\log P(u_1, \\dots, u_N \\mid h) = \\sum_n \\log P(u_n \\mid h)$.",
  status: "standard",
  proof: `For independent factors all combinations of possible words of one length are possible, so the set of joint beliefs is the set of all products, and that of the vectors side by side the Cartesian product of the factors' sets.

*Products.* Beliefs satisfy $b_n w_n = 1$, so their affine hull misses the origin and its dimension is that of their linear span less one. By hypothesis the beliefs of factor $n$ span $\\mathbb{R}^{d_n}$ linearly. Products of the members of bases are a basis of the tensor product, so the joint beliefs span $\\prod_n d_n$ dimensions linearly, and they satisfy $b w = 1$ too.

*Side by side.* The affine hull of a Cartesian product is the product of the affine hulls: with $p_n$ fixed points, $[b_1, \\dots, b_N] - [p_1, \\dots, p_N]$ is the sum over $n$ of vectors with $b_n - p_n$ at place $n$ and zero elsewhere, each a difference of two members. Dimensions add.

*Log-probabilities.* $P(u_1, \\dots, u_N \\mid h) = \\prod_n b_n A_n^{u_n} w_n$ by T10.

The probabilities themselves are a product of linear functions of the $b_n$, so they cannot be read out linearly from the vectors side by side; each factor's own can.`,
  use: "Tells which code a network uses from the dimension of its activations: for three Mess3 and two Bloch walks 242 dimensions against 10.",
  hypotheses: [
    { id: "spanning", statement: "The beliefs of factor $n$ after words of the length span $d_n - 1$ dimensions." },
    {
      id: "independent factors",
      statement: "$T^{(u_1, \\dots, u_N)} = A_1^{u_1} \\otimes \\dots \\otimes A_N^{u_N}$ from a product start.",
    },
  ],
  needs: "independent factors with tokens of their own (factors and tokenSizes), whose beliefs span",
  instanceOf(subject) {
    const { process } = subject;
    const sides = independentFactors(subject);
    if (sides === undefined) return undefined;
    const factors = process.storage?.kind === "kronecker" ? process.storage.factors : [sides.first, sides.second];
    const length = [1, 2, 3].find(
      (each) => process.alphabet.length ** each <= 1000 && factors.every((one) => spans(one, each)),
    );
    return length === undefined ? undefined : { factors, joint: process, length };
  },
  arbitrary: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(factor, factor).map((factors) => ({ factors, length: LENGTH })) },
    { weight: 1, arbitrary: fc.tuple(small, small, small).map((factors) => ({ factors, length: 1 })) },
  ),
  residual,
  tolerance: () => 1e-9,
  counterexamples: [
    {
      drops: "spanning",
      description:
        "two Mess3 that emit the same whatever their state: every belief stays where it started, 0 dimensions of 8",
      instance: { factors: [mess3({ x: 0.2, a: 1 / 3 }), mess3({ x: 0.2, a: 1 / 3 })] },
    },
    {
      drops: "independent factors",
      description: "two Z1R in the same phase: 2 dimensions of 8",
      instance: {
        factors: [zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.5 })],
        joint: phaseLockedZ1r({ alpha: 1 }),
      },
    },
    {
      drops: "independent factors",
      description: "two Z1R with coupled random bits: the dimensions are right, log-probabilities do not add up",
      instance: {
        factors: [zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.5 })],
        joint: phaseLockedZ1r({ kappa: 0.5 }),
      },
    },
  ],
};
