import fc from "fast-check";
import { gaugeTransformed, hmm } from "../arbitraries/processes.ts";
import { periodicHmm, sparseHmm } from "../arbitraries/structured.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { dot, kroneckerVector } from "../numeric/matrix.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { independentFactors } from "./_internal/independent-factors.ts";
import { lengthWithin } from "./_internal/subject.ts";
import { blockEntropy, checkLength, largestDifference, scaleOf, wordStates } from "./_internal/words.ts";
import type { Theorem } from "./theorem.ts";

/** Two processes and one that is claimed to be both of them side by side. */
export interface IndependentProductInstance {
  readonly first: Process;
  readonly second: Process;
  /** `tensorProduct(first, second)` by default. */
  readonly joint?: Process;
  /** Product of the condition numbers of the factors' bases, 1 by default. */
  readonly condition?: number;
  /** 2 by default: the joint words of length L are (|U| |Y|)^L many. */
  readonly maxLength?: number;
}

function residual(instance: IndependentProductInstance): number {
  const { first, second, joint = tensorProduct(first, second), maxLength = 2 } = instance;
  checkLength(maxLength);
  const [tokensU, tokensY] = [first.alphabet.length, second.alphabet.length];
  let worst = 0;
  for (let length = 0; length <= maxLength; length++) {
    const [us, ys] = [wordStates(first, length), wordStates(second, length)];
    for (const { word, state } of wordStates(joint, length)) {
      const u = word.reduce((index, token) => index * tokensU + Math.floor(token / tokensY), 0);
      const y = word.reduce((index, token) => index * tokensY + (token % tokensY), 0);
      const expected = kroneckerVector(us[u]?.state ?? [], ys[y]?.state ?? []);
      const p = dot(us[u]?.state ?? [], first.normalizer) * dot(ys[y]?.state ?? [], second.normalizer);
      worst = Math.max(
        worst,
        Math.abs(dot(state, joint.normalizer) - p),
        largestDifference(state, expected) / scaleOf(expected),
      );
    }
    const sum = blockEntropy(first, length) + blockEntropy(second, length);
    worst = Math.max(worst, Math.abs(blockEntropy(joint, length) - sum));
  }
  return worst;
}

const z1r = zeroOneRandom({ p: 0.5 });
const twoPhases = tensorProduct(z1r, z1r);
const coins: Process = createHmm({ operators: [[[0.5]], [[0.5]]] });

/**
 * T9: independent processes side by side, `T^(u,y) = A^u (x) C^y` from a product start: probabilities multiply, beliefs are products, and
 * block entropies, hence entropy rate, excess entropy and transient information, add. Standard.
 *
 * @example
 * ```ts
 * import { mess3, zeroOneRandom } from "@semifactor/ghmm";
 * import { checkTheorem, independentProduct } from "@semifactor/ghmm/theorems";
 *
 * const instance = { first: mess3({ x: 0.15, a: 0.6 }), second: zeroOneRandom({ p: 0.5 }) };
 * expect(checkTheorem(independentProduct, { instance }).holds).toBe(true);
 * ```
 */
export const independentProduct: Theorem<IndependentProductInstance> = {
  id: "T9",
  name: "Independent processes: probabilities multiply, entropies add",
  statement:
    "For $T^{(u,y)} = A^u \\otimes C^y$ and $\\eta_0 = \\eta_A \\otimes \\eta_C$: $P((u,y)^L) = P_A(u^L) P_C(y^L)$, $b = b_A \\otimes b_C$ and $H(L) = H_A(L) + H_C(L)$.",
  status: "standard",
  proof: String.raw`By the mixed-product rule $(M \otimes N)(M' \otimes N') = M M' \otimes N N'$, a joint word $(u, y)^L$ gives
$$ (\eta_A \otimes \eta_C)\, \prod_t (A^{u_t} \otimes C^{y_t}) = \eta_A A^{u} \otimes \eta_C C^{y} . $$
Multiplied by $w_A \otimes w_C$ this is the product of two numbers, $P_A(u^L)\, P_C(y^L)$. Divided by it, the two factors are normalised separately: $b = b_A \otimes b_C$. So $U_{1:L}$ and $Y_{1:L}$ are independent, and the entropy of a pair of independent variables is the sum of theirs, $H(L) = H_A(L) + H_C(L)$. Differences and limits of $H(L)$ add as well: $h(L)$, $h_\mu$, excess entropy and transient information.`,
  use: "It is the reference point of every measure of this library: a fully factored process has additive entropies and product beliefs, and departures are counted from there.",
  hypotheses: [
    { id: "independent operators", statement: "$T^{(u,y)} = A^u \\otimes C^y$." },
    { id: "product start", statement: "$\\eta_0 = \\eta_A \\otimes \\eta_C$." },
  ],
  needs: "factors and tokenSizes, with operators and initial state that are products",
  instanceOf(subject) {
    const factors = independentFactors(subject);
    const { process } = subject;
    return factors && { ...factors, joint: process, maxLength: lengthWithin(process, 2) };
  },
  arbitrary: fc
    .tuple(
      fc.oneof(
        hmm({ maxStates: 3 }),
        sparseHmm({ maxStates: 3 }),
        periodicHmm({ maxTokens: 2 }).map((it) => it.process),
      ),
      fc.oneof(
        gaugeTransformed({ maxStates: 3, maxTokens: 2 }).map(({ ghmm, condition }) => ({ ghmm, condition })),
        hmm({ maxStates: 3, maxTokens: 2 }).map((ghmm) => ({ ghmm, condition: 1 })),
      ),
    )
    .map(([first, { ghmm, condition }]) => ({ first, second: ghmm, condition })),
  residual,
  tolerance: ({ condition = 1 }) => 1e-11 * condition ** 2,
  counterexamples: [
    {
      drops: "independent operators",
      description: "a fair coin and its copy: each is a fair coin, together they are one bit and not two",
      instance: {
        first: coins,
        second: coins,
        joint: createHmm({ operators: [[[0.5]], [[0]], [[0]], [[0.5]]] }),
      },
    },
    {
      drops: "product start",
      description: "two Z1R processes in the same unknown phase: the joint entropies fall short by up to log2 3",
      instance: {
        first: z1r,
        second: z1r,
        joint: { ...twoPhases, initial: twoPhases.initial.map((_, s) => (s % 4 === 0 ? 1 / 3 : 0)) },
      },
    },
  ],
};
