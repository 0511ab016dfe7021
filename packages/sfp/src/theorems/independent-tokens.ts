import {
  areEquivalent,
  changeBasis,
  createHmm,
  hankelRank,
  hideFactors,
  minimalRealization,
  type Process,
  relabelTokens,
  tensorProduct,
} from "@semifactor/ghmm";
import { gaugeTransformed, redundantHmm } from "@semifactor/ghmm/arbitraries";
import {
  applied,
  largestDifference,
  netOperator,
  operatorsOf,
  scaleOf,
  wordProbabilities,
} from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { checkLength } from "../_internal/checks.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";

/** A process whose tokens are pairs `(u, y)`, claimed to be two independent processes from a stationary start. */
export interface IndependentTokensInstance {
  readonly process: Process;
  /** `[|U|, |Y|]`: token `u * |Y| + y` is the pair `(u, y)`. */
  readonly tokenSizes: readonly [number, number];
  /** Of the coordinates, 1 by default. */
  readonly condition?: number;
}

/** Differences of words up to this are rounding: the two realizations come from bases of their own, and what they differ by grows. */
const SAME = 1e-8;

const marginal = (process: Process, sizes: readonly number[], hidden: number): Process =>
  minimalRealization(hideFactors(process, { sizes, hidden: [hidden] })).process;

/** Both smallest marginal processes, and their product over the tokens of the process. */
function marginalProduct(process: Process, sizes: readonly [number, number]) {
  const [first, second] = [marginal(process, sizes, 1), marginal(process, sizes, 0)];
  return { first, second, product: relabelTokens(tensorProduct(first, second), process.alphabet) };
}

function residual({ process, tokenSizes }: IndependentTokensInstance): number {
  checkLength("checkTheorem", "tokenSizes", tokenSizes, 2);
  const { first, second, product } = marginalProduct(process, tokenSizes);
  const found = areEquivalent(process, product, { tolerance: SAME });
  // without the same words there is no similarity to measure
  if (!found.equivalent) return Number.POSITIVE_INFINITY;
  const ranks = Math.abs(found.first.rank - first.stateDim * second.stateDim);
  if (ranks > 0) return ranks;
  const [smallest, s] = [found.first.process, found.intertwiner];
  // both from the start and from the future: eta S = eta_A (x) eta_C, and w = S (w_A (x) w_C)
  const start = largestDifference(applied(smallest.initial, s), product.initial);
  const words = largestDifference(wordProbabilities(process, 2), wordProbabilities(product, 2));
  return Math.max(found.residual / scaleOf(s), start / scaleOf(product.initial), words);
}

/** Whether the law of the process does not change with time: asked of its smallest realization. */
function isStationary(process: Process): boolean {
  const { process: smallest } = minimalRealization(process);
  const net = netOperator(operatorsOf(smallest), smallest.stateDim);
  return largestDifference(applied(smallest.initial, net), smallest.initial) <= 1e-9;
}

/** Upper triangular with ones on the diagonal. */
const shear = (d: number, entries: readonly number[]): readonly (readonly number[])[] =>
  Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (__, j) => (i === j ? 1 : i < j ? (entries[(i * d + j) % entries.length] ?? 0) : 0)),
  );

/** Whether the rank is clear: the same for a much larger tolerance. */
const isClear = (process: Process): boolean =>
  hankelRank(process, { tolerance: 1e-2 }) === hankelRank(process, { tolerance: 1e-10 });

interface Factor {
  readonly process: Process;
  readonly condition: number;
}

/** Random factors; half of them have memory for certain, some have states to spare. */
function factor(maxStates: number): fc.Arbitrary<Factor> {
  const signed = gaugeTransformed({ maxStates, maxTokens: 2 }).map(({ ghmm, hmm, condition }) => ({
    process: ghmm,
    condition,
    hmm,
  }));
  return fc.oneof(
    signed.filter(({ hmm }) => isClear(hmm)),
    signed.filter(({ hmm }) => hmm.stateDim > 1 && hmm.alphabet.length > 1 && isClear(hmm)),
    redundantHmm({ maxStates: 2 })
      .filter(({ hmm }) => hmm.alphabet.length <= 2 && isClear(hmm))
      .map(({ redundant }) => ({ process: redundant, condition: 1 })),
  );
}

/** Two tokens in turn, from the first one on or from either. */
const clock = (initial: readonly number[]): Process =>
  createHmm({
    operators: [
      [
        [0, 1],
        [0, 0],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ],
    initial,
  });

/**
 * T32: a stationary process whose tokens are pairs `(u, y)` of independent processes is, in some basis, the tensor product of
 * their smallest realizations. A reconstruction.
 *
 * @example
 * ```ts
 * import { goldenMean, mess3, tensorProduct } from "@semifactor/ghmm";
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { independentTokens } from "@semifactor/sfp/theorems";
 *
 * const process = tensorProduct(goldenMean({ p: 0.5 }), mess3({ x: 0.15, a: 0.6 }));
 * expect(checkTheorem(independentTokens, { instance: { process, tokenSizes: [2, 3] } }).holds).toBe(true);
 * ```
 */
export const independentTokens: Theorem<IndependentTokensInstance> = {
  id: "T32",
  name: "Independent tokens from a stationary start make a tensor product",
  statement:
    "Let tokens be pairs $x = (u, y)$, $\\eta_0$ stationary and $I(U_{1:L}; Y_{1:L}) = 0$ for all $L$. Then the minimal realization of the process is similar to $T^{(u,y)} = A^u \\otimes C^y$, $\\eta_A \\otimes \\eta_C$, $w_A \\otimes w_C$, built from the minimal realizations $A$, $C$ of the processes of $u$ and of $y$; ranks multiply. Conversely such a product has independent tokens.",
  status: "reconstruction",
  proof: `Independence at every length says $P((u_1,y_1) \\dots (u_L,y_L)) = P_U(u_1 \\dots u_L) P_Y(y_1 \\dots y_L)$: the product realization $A \\otimes C$ from $\\eta_A \\otimes \\eta_C$ with $w_A \\otimes w_C$ has the words of the process. It remains to show that it is minimal; then T5 gives the similarity, and uniqueness.

The states $\\eta_A A^h$, $|h| = L$, span spaces $F_L^A$ that grow with $L$: a stationary start has $\\eta_A A^h = \\sum_u \\eta_A A^{uh}$, with $A = \\sum_u A^u$ and $\\eta_A A = \\eta_A$. Likewise $F_L^C$, and hence both are all of their spaces, $F_A$ and $F_C$, at some common $L$. The states of the product after words of that one length are all $\\eta_A A^h \\otimes \\eta_C C^k$ with $|h| = |k| = L$: they span $F_A \\otimes F_C$, the whole product space, since $A$ and $C$ are minimal. For the columns $A^h w_A$ the spaces grow because $A w_A = w_A$, that is $A^h w_A = \\sum_u A^{hu} w_A$, whatever the start; so $B = B_A \\otimes B_C$ is the whole space too. A realization whose forward and backward spaces are the whole space is minimal.

The stationarity of $\\eta_A$ follows from that of the process: $\\eta_A A$ and $\\eta_A$ give every future word the same probability, and no other vector does in a minimal realization. Conversely $P(h) = (\\eta_A \\otimes \\eta_C)(A^{u_1} \\cdots \\otimes C^{y_1} \\cdots)(w_A \\otimes w_C)$ is the product of two numbers.`,
  use: "Decides from operators in an unknown basis whether a process is a product of two, and recovers both and the basis: `findTensorStructure`. It speaks of independent factors only, not of chains.",
  untested:
    "Instances are products in random coordinates, with and without redundant states. That every stationary process with independent tokens is of this form rests on the proof; independence at every length is decided by words shorter than the two dimensions together.",
  hypotheses: [
    { id: "independent tokens", statement: "$I(U_{1:L}; Y_{1:L}) = 0$ for every length $L$." },
    { id: "stationary start", statement: "$P$ does not change with time: $\\sum_x P(xh) = P(h)$." },
  ],
  needs: "tokens of two parts that are independent, and a stationary start",
  instanceOf({ process, tokenSizes }) {
    const [first, second, ...rest] = tokenSizes ?? [];
    if (first === undefined || second === undefined || rest.length > 0 || !isStationary(process)) return undefined;
    const sizes = [first, second] as const;
    if (!areEquivalent(process, marginalProduct(process, sizes).product, { tolerance: SAME }).equivalent)
      return undefined;
    return { process, tokenSizes: sizes };
  },
  arbitrary: fc
    .tuple(
      factor(3),
      factor(2),
      fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 7, maxLength: 7 }),
    )
    .map(([a, c, entries]): IndependentTokensInstance => {
      const product = tensorProduct(a.process, c.process);
      return {
        process: changeBasis(product, shear(product.stateDim, entries)),
        tokenSizes: [a.process.alphabet.length, c.process.alphabet.length],
        condition: a.condition * c.condition,
      };
    }),
  residual,
  tolerance: ({ condition = 1 }) => 1e-9 * condition,
  counterexamples: [
    {
      drops: "independent tokens",
      description: "two phases that share their random bits: each factor alone is Z1R, together they are no product",
      instance: { process: phaseLockedZ1r({ kappa: 0.5 }), tokenSizes: [2, 2] },
    },
    {
      drops: "independent tokens",
      description: "factored operators from a start with locked phases: the words differ from those of the product",
      instance: { process: phaseLockedZ1r({ alpha: 0.5 }), tokenSizes: [2, 2] },
    },
    {
      drops: "stationary start",
      description: "two clocks of period two from a known phase: independent, of rank two and not four",
      instance: { process: tensorProduct(clock([1, 0]), clock([1, 0])), tokenSizes: [2, 2] },
    },
  ],
};
