import { coin, mixture, type Process } from "@semifactor/ghmm";
import { applied, checkInteger, dot, IMPOSSIBLE, largestDifference, operatorsOf } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import type { SemiFactoredProcess } from "../structure/semi-factored.ts";
import { areInvariant, blockIndex } from "./_internal/projectors.ts";

/** A process and blocks of states. */
export interface BlockBayesInstance {
  readonly process: Process;
  /** States of each block; together all of them. */
  readonly blocks: readonly (readonly number[])[];
  /** 3 by default. */
  readonly maxLength?: number;
  /** The law under which the log odds of a block drift: that of the block itself by default. */
  readonly driftUnder?: "block" | "mixture";
}

/** A word: where the process is after it, and where each block would be. */
interface Node {
  /** `eta0 T^h`. */
  readonly state: Float64Array;
  /** `eta0 P_beta T^h`, by the operators of the process. */
  readonly started: readonly Float64Array[];
  /** `eta0 P_beta T_beta^h`, by those of the block, `T_beta^x = P_beta T^x P_beta`. */
  readonly alone: readonly Float64Array[];
}

/** Largest difference, in bits where it is one of logarithms; two infinities are equal. */
const gap = (x: number, y: number): number => (x === y ? 0 : Math.abs(x - y));

function residual({ process, blocks, maxLength = 3, driftUnder = "block" }: BlockBayesInstance): number {
  checkInteger("checkTheorem", "maxLength", maxLength, 1, 10);
  const blockOf = blockIndex(process.stateDim, blocks);
  const operators = operatorsOf(process);
  const w = process.normalizer;
  const within = (vector: Float64Array, beta: number) => vector.map((value, s) => (blockOf[s] === beta ? value : 0));
  const priors = blocks.map((_, beta) => dot(within(process.initial, beta), w));
  const possible = blocks.flatMap((_, beta) => ((priors[beta] ?? 0) > IMPOSSIBLE ? [beta] : []));
  const pairs = possible.flatMap((beta) =>
    possible.filter((other) => other !== beta).map((other) => [beta, other] as const),
  );

  let worst = 0;
  const see = (difference: number): void => {
    worst = Math.max(worst, difference);
  };
  const weightsOf = ({ state }: Node) => {
    const p = dot(state, w);
    return blocks.map((_, beta) => dot(within(state, beta), w) / p);
  };
  /** P_beta(h), of the block alone. */
  const blockProbability = ({ alone }: Node, beta: number) =>
    possible.includes(beta) ? dot(alone[beta] ?? [], w) / (priors[beta] ?? 1) : 0;
  const follow = (node: Node): readonly Node[] =>
    operators.map((operator) => ({
      state: applied(node.state, operator),
      started: node.started.map((vector) => applied(vector, operator)),
      alone: node.alone.map((vector, beta) => within(applied(vector, operator), beta)),
    }));

  const starts = blocks.map((_, beta) => within(process.initial, beta));
  let level: readonly Node[] = [{ state: process.initial, started: starts, alone: starts }];
  const divergences = new Map<string, number>();
  for (let length = 0; length <= maxLength; length++) {
    const drift = pairs.map(() => 0);
    const divergence = pairs.map(() => 0);
    level = level.flatMap((node) => {
      const p = dot(node.state, w);
      const weights = weightsOf(node);
      // (iii) and (v): the part of a block moves by the block's operators and stays inside; (iv) the parts make up the whole
      blocks.forEach((_, beta) => {
        see(largestDifference(node.started[beta] ?? [], node.alone[beta] ?? []) / p);
      });
      see(Math.abs(blocks.reduce((sum, _, beta) => sum + (priors[beta] ?? 0) * blockProbability(node, beta), -p)));
      // (vii): mean log odds against the divergence of the blocks' own words
      pairs.forEach(([beta, other], i) => {
        const [mine, theirs] = [blockProbability(node, beta), blockProbability(node, other)];
        const odds = Math.log2((weights[beta] ?? 0) / (weights[other] ?? 0));
        const prior = Math.log2((priors[beta] ?? 0) / (priors[other] ?? 0));
        const law = driftUnder === "block" ? mine : p;
        if (law > 0 && mine > 0) drift[i] = (drift[i] ?? 0) + law * (odds - prior);
        if (mine > 0) divergence[i] = (divergence[i] ?? 0) + mine * Math.log2(mine / theirs);
      });
      if (length === maxLength) return [];
      const next = follow(node).filter(({ state }) => dot(state, w) > IMPOSSIBLE * p);
      const expected = new Float64Array(blocks.length);
      for (const child of next) {
        const conditional = dot(child.state, w) / p;
        const after = weightsOf(child);
        const likelihoods = blocks.map((_, beta) => {
          const before = dot(node.alone[beta] ?? [], w);
          return before > 0 ? dot(child.alone[beta] ?? [], w) / before : 0;
        });
        blocks.forEach((_, beta) => {
          const [now = 0, then = 0, likelihood = 0] = [weights[beta], after[beta], likelihoods[beta]];
          see(Math.abs(then * conditional - now * likelihood)); // (i)
          expected[beta] = (expected[beta] ?? 0) + conditional * then;
        });
        // (vi)
        for (const [beta, other] of pairs) {
          const [now, then] = [weights, after].map((law) => Math.log2((law[beta] ?? 0) / (law[other] ?? 0)));
          const ratio = Math.log2((likelihoods[beta] ?? 0) / (likelihoods[other] ?? 0));
          if (Number.isFinite(now) && Number.isFinite(ratio)) see(gap((then ?? 0) - (now ?? 0), ratio));
        }
      }
      see(largestDifference(expected, weights)); // (ii)
      return next;
    });
    pairs.forEach((pair, i) => {
      const [mean = 0, own = 0] = [drift[i], divergence[i]];
      see(gap(mean, own));
      const before = divergences.get(pair.join()) ?? 0;
      if (own < before) see(before - own); // it never falls
      divergences.set(pair.join(), own);
    });
  }
  return worst;
}

const blocksOf = (process: SemiFactoredProcess): BlockBayesInstance => ({
  process,
  blocks: process.partition.blocks.map(({ states }) => states),
});

/** A probability, impossible and certain among them, but not so small that its logarithm is that of a rounding error. */
const unit = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0.02, max: 0.98, noNaN: true }));

const coins: BlockBayesInstance = {
  process: mixture({ components: [coin({ p: 0.2 }), coin({ p: 0.8 })], weights: [0.5, 0.5] }),
  blocks: [[0], [1]],
};

const leaky = leakySector({ leak: 0.5 });

/**
 * T15: the weights of the blocks of a semi-factored process are posterior probabilities of a hidden label that never changes. Standard.
 *
 * @example
 * ```ts
 * import { coin, mixture } from "@semifactor/ghmm";
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { blockBayes } from "@semifactor/sfp/theorems";
 *
 * const process = mixture({ components: [coin({ p: 0.2 }), coin({ p: 0.8 })], weights: [0.5, 0.5] });
 * expect(checkTheorem(blockBayes, { instance: { process, blocks: [[0], [1]] } }).holds).toBe(true);
 * ```
 */
export const blockBayes: Theorem<BlockBayesInstance> = {
  id: "T15",
  name: "Block weights move by Bayes' rule, and by nothing else",
  statement:
    "Let $[P_\\beta, T^x] = 0$ for all blocks and tokens, $\\omega_\\beta(b) = b P_\\beta w$, $b_\\beta = b P_\\beta / \\omega_\\beta$, and $P_\\beta(h)$ the probability of $h$ in the block alone. (i) $\\omega_\\beta(hx) = \\omega_\\beta(h) P_\\beta(x \\mid b_\\beta) / P(x \\mid h)$. (ii) $E[\\omega_\\beta(hX) \\mid h] = \\omega_\\beta(h)$. (iii) $b_\\beta$ moves by the block's operators alone. (iv) $P(h) = \\sum_\\beta \\omega_\\beta P_\\beta(h)$. (v) $\\omega_\\beta \\in \\{0, 1\\}$ stays. (vi) $\\log(\\omega_\\beta / \\omega_\\gamma)$ moves by $\\log(P_\\beta(x \\mid b_\\beta) / P_\\gamma(x \\mid b_\\gamma))$. (vii) Its mean over words of length $L$ of block $\\beta$ has moved by $D(P_\\beta^L \\| P_\\gamma^L)$, which never falls with $L$.",
  status: "standard",
  proof: `$P_\\beta$ commutes with every operator, so $\\eta_0 T^h P_\\beta = \\eta_0 P_\\beta T^h = \\eta_0 P_\\beta T_\\beta^h$ with $T_\\beta^x = P_\\beta T^x P_\\beta$: the part of a block moves by the block's operators alone, whatever the other parts are. Divided by its weight this is (iii); if the other parts are zero they stay so, which is (v).

Multiplied with $w$: $P(h)\\, \\omega_\\beta(h) = \\omega_\\beta(\\varnothing) P_\\beta(h)$ (*). Summed over $\\beta$, with $\\sum_\\beta P_\\beta = I$, this is (iv). Dividing (*) at $hx$ by (*) at $h$, where $P(hx) = P(h) P(x \\mid h)$ and $P_\\beta(hx) = P_\\beta(h) P_\\beta(x \\mid b_\\beta)$, gives (i). The sum of (i) times $P(x \\mid h)$ over $x$ is (ii), since $\\sum_x P_\\beta(x \\mid b_\\beta) = 1$. The quotient of (i) for two blocks is (vi), as $P(x \\mid h)$ cancels.

Adding (vi) up along a word, $\\log(\\omega_\\beta / \\omega_\\gamma)(h) - \\log(\\omega_\\beta / \\omega_\\gamma)(\\varnothing) = \\log(P_\\beta(h) / P_\\gamma(h))$. Its mean under $P_\\beta$ is the divergence of the words of that length, and by the chain rule of divergences a token more adds a divergence of conditional laws, which is not negative: (vii). Both sides are infinite where block $\\gamma$ cannot emit a word of block $\\beta$.`,
  use: "A persona is a hidden label: it can be inferred, never changed, and what tells it apart is measured in bits per token. Filters need the blocks' own beliefs and one weight each.",
  untested:
    "That the divergence per token tends to a rate, and that the log odds of almost every path grow at that rate (stationary ergodic blocks, Markov reference), rests on the ergodic theorem; checked are exact means at finite lengths.",
  hypotheses: [
    { id: "block diagonal", statement: "$[P_\\beta, T^x] = 0$ for every block and token." },
    { id: "law of the block", statement: "The mean in (vii) is over words of block $\\beta$." },
  ],
  needs: "blocks that no operator joins",
  instanceOf({ process, blocks }) {
    if (blocks === undefined) return undefined;
    if (!areInvariant(process, blocks)) return undefined;
    return { process, blocks, ...(process.alphabet.length > 8 ? { maxLength: 2 } : {}) };
  },
  arbitrary: fc.oneof(
    { weight: 3, arbitrary: semiFactoredProcess().map(blocksOf) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.tuple(unit, unit).map(([kappa, alpha]) => blocksOf(phaseLockedZ1r({ kappa, alpha }))),
        fc.tuple(unit, unit).map(([one, other]) => blocksOf(personaZ1r({ random: [one, other] }))),
        unit.map((theta) => ({ ...blocksOf(personaMess3({ theta })), maxLength: 2 })),
      ),
    },
  ),
  residual,
  tolerance: () => 1e-12,
  counterexamples: [
    {
      drops: "block diagonal",
      description: "a persona that is redrawn half of the time when the phase leaves SR",
      instance: { process: leaky.process, blocks: leaky.partition.blocks.map(({ states }) => states) },
    },
    {
      drops: "law of the block",
      description:
        "two coins that show 1 with probability 1/5 and 4/5: over words of both, their log odds do not drift",
      instance: { ...coins, driftUnder: "mixture" },
    },
  ],
};
