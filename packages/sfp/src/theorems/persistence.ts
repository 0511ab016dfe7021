import { mess3, type Process, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
import { applied, checkInteger, dot, operatorsOf } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { stochasticMatrix } from "../arbitraries/beliefs.ts";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { reachedBeliefs } from "./_internal/beliefs.ts";
import { memoryResidual, mixingResidual } from "./_internal/factor-persistence.ts";
import { forgetfulFactor, mixingFactor, reversibleChain, withEmissions } from "./_internal/forgetful-factors.ts";
import { areInvariant, coordinateProjector } from "./_internal/projectors.ts";
import { wordColumns } from "./_internal/token-parts.ts";

/** A block that is made certain. */
export interface BlockPersistence {
  readonly kind: "block";
  readonly process: Process;
  /** States of the block. */
  readonly states: readonly number[];
  /** 2 by default. */
  readonly maxLength?: number;
}

/** A factor whose differences shrink by a number that depends on the state of the other factor. */
export interface MemoryPersistence {
  readonly kind: "memory";
  readonly process: Process;
  readonly dimensions: readonly [number, number];
  /** `mu`, `[dC]`. */
  readonly memory: ArrayLike<number>;
  /** 4 by default. */
  readonly horizon?: number;
}

/** A factor that moves on its own by a reversible chain. */
export interface MixingPersistence {
  readonly kind: "mixing";
  readonly process: Process;
  readonly dimensions: readonly [number, number];
  /** Stationary law of the factor's chain, `[dA]`. */
  readonly stationary: ArrayLike<number>;
  /** `|lambda_2|` of the factor's chain. */
  readonly rate: number;
  /** 6 by default. */
  readonly horizon?: number;
}

/** How long an intervention lasts, in one of the three cases of T28. */
export type PersistenceInstance = BlockPersistence | MemoryPersistence | MixingPersistence;

const SOURCE = "checkTheorem";
const NO_WEIGHT = 1e-9;

/** Words after the projection have the probabilities of the block's operators alone, and its weight stays 1. */
function blockResidual({ process, states, maxLength = 2 }: BlockPersistence): number {
  const d = process.stateDim;
  const projector = coordinateProjector(d, states);
  const inside = (vector: Float64Array): Float64Array => vector.map((value, s) => value * (projector[s * d + s] ?? 0));
  const operators = operatorsOf(process);
  const cut = operators.map((operator) =>
    operator.map(
      (value, i) => value * (projector[(i % d) * (d + 1)] ?? 0) * (projector[Math.floor(i / d) * (d + 1)] ?? 0),
    ),
  );
  const all = wordColumns(operators, process.normalizer, maxLength);
  const own = wordColumns(cut, inside(process.normalizer), maxLength);
  let worst = 0;
  for (const { belief } of reachedBeliefs(process, maxLength)) {
    const weight = dot(inside(belief), process.normalizer);
    if (Math.abs(weight) <= NO_WEIGHT) continue;
    const projected = inside(belief).map((value) => value / weight);
    all.forEach(({ column }, n) => {
      worst = Math.max(worst, Math.abs(dot(projected, column) - dot(projected, own[n]?.column ?? column)));
    });
    // the weight outside the block after a word, times the probability of the word
    let states: readonly Float64Array[] = [projected];
    for (let t = 0; t < maxLength; t++) {
      states = states.flatMap((state) => operators.map((operator) => applied(state, operator)));
      for (const state of states) {
        worst = Math.max(worst, Math.abs(dot(state, process.normalizer) - dot(inside(state), process.normalizer)));
      }
    }
  }
  return worst;
}

function residual(instance: PersistenceInstance): number {
  if (instance.kind === "memory") return memoryResidual(instance);
  if (instance.kind === "mixing") return mixingResidual(instance);
  checkInteger(SOURCE, "maxLength", instance.maxLength ?? 2, 1, 8);
  for (const state of instance.states) checkInteger(SOURCE, "a state", state, 0, instance.process.stateDim - 1);
  return blockResidual(instance);
}

const factorSize = fc.integer({ min: 2, max: 3 });
const otherSize = fc.integer({ min: 1, max: 3 });

const memoryInstances = fc.tuple(factorSize, otherSize).chain(([dA, dC]) =>
  fc
    .record({
      memory: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: dC, maxLength: dC }),
      redraw: stochasticMatrix(dC, dA),
      chain: stochasticMatrix(dC, dC),
    })
    .map(
      ({ memory, redraw, chain }): PersistenceInstance => ({
        kind: "memory",
        ...forgetfulFactor(memory, redraw, chain, dA),
      }),
    ),
);

const mixingInstances = fc.tuple(factorSize, otherSize).chain(([dA, dC]) =>
  fc.tuple(stochasticMatrix(dA, dA), stochasticMatrix(dA * dC, dC)).map(
    ([weights, other]): PersistenceInstance => ({
      kind: "mixing",
      ...mixingFactor(reversibleChain(weights, dA), other, dA, dC),
    }),
  ),
);

const leaky = leakySector({ leak: 0.25 }).process;
const turning = Float64Array.of(0.9, 0.1, 0, 0, 0.9, 0.1, 0.1, 0, 0.9);
const lopsided = Float64Array.of(0.1, 0.9, 0, 0.1, 0, 0.9, 0.8, 0.1, 0.1);

/**
 * T28: how long an intervention lasts: for ever on a block, by the product of what every visited state remembers in a leaky sector, by
 * `lambda_2^t` on a factor that mixes.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { persistence } from "@semifactor/sfp/theorems";
 *
 * const { process } = families.leakySector({ leak: 0.25 });
 * // the persona is redrawn with probability 1/4 when the phase leaves SR
 * const instance = { kind: "memory", process, dimensions: [2, 3], memory: [1, 1, 0.75] } as const;
 * expect(checkTheorem(persistence, { instance }).holds).toBe(true);
 * ```
 */
export const persistence: Theorem<PersistenceInstance> = {
  id: "T28",
  name: "An intervention lasts as long as the factor's own dynamics remember",
  statement:
    "(a) If $P_\\beta T^x = T^x P_\\beta$ for all $x$, then after $b \\mapsto b P_\\beta / \\omega_\\beta$ the belief stays in block $\\beta$ for ever, and after every history the prediction is that of the block's operators alone: $P(x_{1:L} \\mid b P_\\beta / \\omega_\\beta) = P_\\beta(x_{1:L} \\mid b_\\beta)$. (b) Let the second factor move on its own by $C$, and let every change $\\delta_A$ of total weight zero of the first obey $(\\delta_A \\otimes e_c) T = \\mu_c\\, \\delta_A \\otimes e_c C$. Then the change of the first factor's belief after $t$ unseen tokens is $\\delta_A\\, E_c[\\prod_{\\tau < t} \\mu_{c_\\tau}]$; for the leaky sector, $\\delta_A (1 - \\lambda)^{\\#\\text{visits to } R}$. (c) If the first factor moves on its own by $A$ and $|\\lambda_2(A)| < 1$, the change is $\\delta_A A^t = O(|\\lambda_2|^t)$ (times a polynomial in $t$ if $A$ is not diagonalizable). If $A$ is reversible, $\\|\\delta_A A^t\\|_{1/\\pi} \\le |\\lambda_2|^t \\|\\delta_A\\|_{1/\\pi}$, with equality for some $\\delta_A$.",
  status: "reconstruction",
  proof: `(a) $b P_\\beta T^{x_1} \\cdots T^{x_L} = b T^{x_1} \\cdots T^{x_L} P_\\beta$, which is in $V_\\beta$, and since $P_\\beta$ is idempotent each operator may be replaced by $P_\\beta T^x P_\\beta$. Dividing by the weight, the belief after every word has no part outside $\\beta$, and every word has the probability that the block's operators give it.

(b) By induction. Suppose $(\\delta_A \\otimes e_c) T^t = \\sum_{c'} m_t(c, c')\\, \\delta_A \\otimes e_{c'}$, with $m_t(c, c') = E_c[\\prod_{\\tau<t} \\mu_{c_\\tau}; c_t = c']$; this holds for $t = 0$. Apply $T$ once more: $\\sum_{c'} m_t(c, c') \\mu_{c'} \\sum_{c''} C_{c' c''}\\, \\delta_A \\otimes e_{c''}$, and $\\sum_{c'} m_t(c, c') \\mu_{c'} C_{c'c''} = m_{t+1}(c, c'')$. Contract with $w_C$. In the leaky sector the label is kept outside of $R$, $\\mu = 1$, and redrawn uniformly with probability $\\lambda$ at $R$: $\\delta_A ((1 - \\lambda) I + \\lambda\\, 1 \\nu) = (1 - \\lambda)\\delta_A$, as $\\delta_A 1 = 0$. The phase is deterministic, so there is one path.

(c) That the first factor moves on its own means $T (I \\otimes w_C) = (I \\otimes w_C) A$, so $\\delta T^t (I \\otimes w_C) = \\delta_A A^t$. As $\\delta_A w_A = 0$, $\\delta_A$ has no part in the left eigenvector of eigenvalue 1: write it in the other generalised eigenvectors, each of which decays as $|\\lambda_k|^t$ times a polynomial of degree below the size of its Jordan block. Reversibility, $\\pi_a A_{aa'} = \\pi_{a'} A_{a'a}$, says that $S = D^{1/2} A D^{-1/2}$, $D = \\operatorname{diag}\\pi$, is symmetric. With $\\delta_A = y D^{1/2}$, $\\|\\delta_A\\|_{1/\\pi} = |y|$ and $\\delta_A A^t = y S^t D^{1/2}$. $\\delta_A 1 = 0$ says that $y$ is orthogonal to $\\sqrt{\\pi}$, the eigenvector of eigenvalue 1; on its complement the norm of $S^t$ is $|\\lambda_2|^t$, reached at the second eigenvector. With two states the complement is a line, and every change decays by exactly $\\lambda_2^t$.

What holds for beliefs holds for laws: the unconditional law at time $t$ is linear in the belief.`,
  use: "Whether an intervention on a persona is a phase or for good. Blocks are what makes it permanent, so experiments on persistence need a control that leaks.",
  untested: "The polynomial factor of (c) for chains that are not reversible rests on the proof.",
  hypotheses: [
    { id: "blocks", statement: "$P_\\beta T^x = T^x P_\\beta$ for all $x$ (for (a))." },
    {
      id: "memory",
      statement:
        "$(\\delta_A \\otimes e_c) T = \\mu_c\\, \\delta_A \\otimes e_c C$ for all $\\delta_A$ of weight zero (for (b)).",
    },
    { id: "on its own", statement: "$T (I \\otimes w_C) = (I \\otimes w_C) A$ (for (c))." },
    { id: "reversible", statement: "$\\pi_a A_{aa'} = \\pi_{a'} A_{a'a}$ (for the bound of (c))." },
  ],
  needs: "blocks that no operator joins, of which the first is made certain",
  instanceOf({ process, blocks }) {
    const [states] = blocks ?? [];
    return blocks === undefined || states === undefined || !areInvariant(process, blocks)
      ? undefined
      : { kind: "block", process, states };
  },
  arbitrary: fc.oneof(
    fc.tuple(semiFactoredProcess({ maxTokens: 2 }), fc.nat(8)).map(([process, draw]): PersistenceInstance => {
      const { blocks } = process.partition;
      return { kind: "block", process, states: blocks[draw % blocks.length]?.states ?? [] };
    }),
    memoryInstances,
    mixingInstances,
  ),
  residual,
  tolerance: () => 1e-10,
  counterexamples: [
    {
      drops: "blocks",
      description: "the persona of a leaky sector is set: it does not stay",
      instance: { kind: "block", process: leaky, states: [3, 4, 5] },
    },
    {
      drops: "blocks",
      description: "a state of Mess3, which mixes, is set beside Z1R",
      instance: {
        kind: "block",
        process: tensorProduct(mess3({ x: 0.15, a: 0.6 }), zeroOneRandom({ p: 0.5 })),
        states: [0, 1, 2],
      },
    },
    {
      drops: "memory",
      description: "the leaky sector with the average memory at every phase",
      instance: { kind: "memory", process: leaky, dimensions: [2, 3], memory: [11 / 12, 11 / 12, 11 / 12] },
    },
    {
      drops: "memory",
      description: "three personas in a cycle: differences turn as they shrink",
      instance: {
        kind: "memory",
        process: withEmissions(turning, 3, [0.1, 0.5, 0.9]),
        dimensions: [3, 1],
        memory: [0.85],
      },
    },
    {
      drops: "on its own",
      description: "the leaky sector with the rate of the label's chain averaged over phases",
      instance: { kind: "mixing", process: leaky, dimensions: [2, 3], stationary: [0.5, 0.5], rate: 11 / 12 },
    },
    {
      drops: "reversible",
      description: "a chain with a sense of direction, whose changes shrink less at first than its second eigenvalue",
      instance: { kind: "mixing", ...mixingFactor(lopsided, Float64Array.of(1, 1, 1), 3, 1) },
    },
  ],
};
