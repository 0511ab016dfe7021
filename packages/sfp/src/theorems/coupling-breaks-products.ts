import { createHmm, type Process, tensorProduct } from "@semifactor/ghmm";
import { checkInteger, dot, kroneckerVector, operatorsOf } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { checkLength } from "../_internal/checks.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { reachedBeliefs } from "./_internal/beliefs.ts";
import { genericHmm, genericLaw } from "./_internal/generic-hmm.ts";
import { productDefect, resetMap, secondSchmidtValue, swapMap } from "./_internal/product-preserving.ts";
import { twoFactorsOf } from "./_internal/two-factors.ts";

/** A process over two factors that starts in a product. */
export interface CouplingInstance {
  readonly process: Process;
  /** `[dA, dC]`, whose product is the number of states. */
  readonly dimensions: readonly [number, number];
  /** 2 by default. */
  readonly maxLength?: number;
}

/** A second Schmidt value above this is no rounding. */
const VISIBLE = 1e-8;

function residual({ process, dimensions, maxLength = 2 }: CouplingInstance): number {
  checkInteger("checkTheorem", "maxLength", maxLength, 1, 10);
  checkLength("checkTheorem", "initial", process.initial, dimensions[0] * dimensions[1]);
  const largest = reachedBeliefs(process, maxLength).reduce(
    (worst, { belief }) => Math.max(worst, secondSchmidtValue(belief, dimensions)),
    0,
  );
  return Math.max(0, 1 - largest / VISIBLE);
}

/** A process started in a product of random laws. */
const fromGenericProduct = (process: Process, [dA, dC]: readonly [number, number], seed: number): Process => ({
  ...process,
  initial: kroneckerVector(genericLaw(seed, 0, dA), genericLaw(seed, 1, dC)),
});

const dimension = fc.integer({ min: 2, max: 3 });
const seed = fc.nat(1_000_000);
const couplingStrength = fc.double({ min: 0.01, max: 1, noNaN: true });

/**
 * T11: operators that are not products make beliefs that are not products, from almost every product start. Standard.
 *
 * The exceptions are operators that map every product to a product without being one (resets, the swap) and starts on the zeros of
 * polynomials.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { couplingBreaksProducts } from "@semifactor/sfp/theorems";
 *
 * const process = families.phaseLockedZ1r({ kappa: 0.01 });
 * expect(checkTheorem(couplingBreaksProducts, { instance: { process, dimensions: [3, 3] } }).holds).toBe(true);
 * ```
 */
export const couplingBreaksProducts: Theorem<CouplingInstance> = {
  id: "T11",
  name: "Coupled operators generically break products",
  statement:
    "Let $\\operatorname{OSR}(T^x) \\ge 2$ for some $x$ and let $T^x$ not map every product to a product. Then for almost all product starts $\\eta_0 = a \\otimes c$ the belief after $x$ is no product: $I(A:C) > 0$. Among all operators those that map every product to a product are a null set. So a process in general position has a belief that is no product after one token.",
  status: "standard",
  proof: `The matrix of $(a \\otimes c) T^x$ has entries that are linear in $a$ and linear in $c$. It is a product, of rank at most one, if and only if all its $2 \\times 2$ minors vanish. Each minor is a polynomial that is quadratic in $a$ and quadratic in $c$. If $T^x$ does not map every product to a product, some minor is not identically zero, and the zeros of a polynomial that is not identically zero have measure zero: for almost all $(a, c)$ the image is no product. Its weight $P(x) = (a \\otimes c) T^x w$ is bilinear, so it too vanishes on a null set only, unless $T^x w = 0$ and the token never occurs; dividing by it changes no rank. By T19 a belief that is no product has $I(A:C) > 0$.

A quadratic form vanishes identically if it does on $e_i$ and $e_i + e_j$: whether $T^x$ maps every product to a product is decided by finitely many of them.

The coefficients of the minors are polynomials in the entries of $T^x$, so the operators that map every product to a product are the common zeros of polynomials, which do not all vanish: the operator with $(a, c) \\mapsto (a, c + a \\bmod d_C)$ maps $(e_0 + e_1) \\otimes e_0$ to $e_0 \\otimes e_0 + e_1 \\otimes e_1$. They are a null set, and with them the operators of rank one, $A \\otimes C$.

Which operators of higher rank those are: maps with all images in $a_0 \\otimes V_C$ or $V_A \\otimes c_0$ (resets) and, for $d_A = d_C$, products followed by the swap; that there are no others is a theorem on linear preservers (Marcus and Moyls; Westwick), not needed here.`,
  use: "Belief correlation is what coupling looks like from inside, unless the start or a reset hides it: a process whose beliefs all are products is factored, or special.",
  untested:
    "That exceptions have measure zero: checked is that instances drawn from densities are none. That resets, products and swapped products are all exceptions is literature.",
  hypotheses: [
    { id: "coupling", statement: "$\\operatorname{OSR}(T^x) \\ge 2$ for some token." },
    { id: "no reset, no swap", statement: "Such a $T^x$ does not map every product to a product." },
    { id: "generic start", statement: "The start is a product outside a null set." },
  ],
  needs:
    "two factors, and an operator that does not map all products to products; the start is replaced by a random product",
  instanceOf(subject) {
    const { process } = subject;
    const structure = twoFactorsOf(subject);
    if (structure === undefined) return undefined;
    const [first, second] = structure.factors;
    const dimensions = [first.dimension, second.dimension] as const;
    if (operatorsOf(process).every((operator) => productDefect(operator, dimensions) <= VISIBLE)) return undefined;
    const [a, c] = structure.factors.map(({ dimension, normalizer }, n) => {
      const law = genericLaw(0, n, dimension);
      const weight = dot(law, normalizer);
      return law.map((value) => value / weight);
    });
    return a === undefined || c === undefined
      ? undefined
      : { process: { ...process, initial: kroneckerVector(a, c) }, dimensions, maxLength: 1 };
  },
  arbitrary: fc.oneof(
    fc.record({ seed, dA: dimension, dC: dimension, tokens: fc.integer({ min: 1, max: 3 }) }).map(
      ({ seed, dA, dC, tokens }): CouplingInstance => ({
        process: genericHmm({ seed, dimensions: [dA, dC], tokens }),
        dimensions: [dA, dC],
        maxLength: 1,
      }),
    ),
    fc.tuple(couplingStrength, seed).map(
      ([kappa, key]): CouplingInstance => ({
        process: fromGenericProduct(phaseLockedZ1r({ kappa }), [3, 3], key),
        dimensions: [3, 3],
      }),
    ),
    fc.tuple(couplingStrength, seed).map(
      ([gap, key]): CouplingInstance => ({
        process: fromGenericProduct(personaZ1r({ random: [0.5 - gap / 4, 0.5 + gap / 4] }), [2, 3], key),
        dimensions: [2, 3],
      }),
    ),
  ),
  residual,
  tolerance: () => 0.5,
  counterexamples: [
    {
      drops: "coupling",
      description: "independent factors",
      instance: {
        process: tensorProduct(
          genericHmm({ seed: 1, dimensions: [2, 1], tokens: 2 }),
          genericHmm({ seed: 2, dimensions: [3, 1], tokens: 2 }),
        ),
        dimensions: [2, 3],
      },
    },
    {
      drops: "no reset, no swap",
      description: "a reset of the second factor, operator-Schmidt rank three",
      instance: { process: resetMap, dimensions: [2, 3] },
    },
    {
      drops: "no reset, no swap",
      description: "two bits that change places, operator-Schmidt rank four",
      instance: { process: swapMap, dimensions: [2, 2] },
    },
    {
      drops: "generic start",
      description: "coupled phases that are known at the start: every belief is a pair of known phases",
      instance: {
        process: createHmm({
          operators: [0, 1, 2, 3].map((token) => {
            const operator = phaseLockedZ1r({ kappa: 0.5 }).operator(token);
            return Array.from({ length: 9 }, (_, s) => operator.subarray(9 * s, 9 * s + 9));
          }),
          initial: [1, 0, 0, 0, 0, 0, 0, 0, 0],
        }),
        dimensions: [3, 3],
        maxLength: 4,
      },
    },
  ],
};
