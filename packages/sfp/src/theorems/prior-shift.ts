import { createHmm, type Process } from "@semifactor/ghmm";
import {
  applied,
  checkInteger,
  dot,
  IMPOSSIBLE,
  largestDifference,
  operatorsOf,
  wordStates,
} from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { checkLength, checkRange } from "../_internal/checks.ts";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { areInvariant } from "./_internal/projectors.ts";

/** A process with sets of states as blocks, and the prior's logits. */
export interface PriorShiftInstance {
  readonly process: Process;
  /** States of each block; together all states, each once. */
  readonly blocks: readonly (readonly number[])[];
  /** `l`, `[blocks]`: the prior is `softmax(l)`. */
  readonly logits: readonly number[];
  /** How the prior depends on its parameters; `softmax` by default, `weights` is `l / sum l`. */
  readonly prior?: "softmax" | "weights";
  /** 2 by default. */
  readonly maxLength?: number;
}

const SOURCE = "checkTheorem";

/** Step of the central differences: their error is `O(STEP^2)`, some 1e-10, and their rounding 1e-11. */
const STEP = 2e-5;

function priorOf(logits: readonly number[], kind: "softmax" | "weights"): readonly number[] {
  const values = kind === "softmax" ? logits.map(Math.exp) : logits;
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

function insideOf(vector: Float64Array, states: readonly number[]): Float64Array {
  const inside = new Float64Array(vector.length);
  for (const s of states) inside[s] = vector[s] ?? 0;
  return inside;
}

/** The initial state with the blocks reweighted, `sum_beta theta_beta eta_beta`. */
function mixed(starts: readonly Float64Array[], theta: readonly number[]): Float64Array {
  return (starts[0] ?? new Float64Array(0)).map((_, s) => {
    return starts.reduce((sum, start, beta) => sum + (theta[beta] ?? 0) * (start[s] ?? 0), 0);
  });
}

function checkBlocks({ process, blocks, logits }: PriorShiftInstance): void {
  checkLength(SOURCE, "logits", logits, blocks.length);
  logits.forEach((logit, beta) => {
    checkRange(SOURCE, `logits[${beta}]`, logit, -100, 100);
  });
  const states = blocks.flat().sort((x, y) => x - y);
  checkLength(SOURCE, "blocks", states, process.stateDim);
  states.forEach((state, s) => {
    checkInteger(SOURCE, "a state of the blocks", state, s, s);
  });
}

function residual(instance: PriorShiftInstance): number {
  const { process, blocks, logits, prior = "softmax", maxLength = 2 } = instance;
  checkInteger(SOURCE, "maxLength", maxLength, 1, 8);
  checkBlocks(instance);
  const { normalizer } = process;
  const weightOf = (vector: Float64Array, beta: number): number =>
    dot(insideOf(vector, blocks[beta] ?? []), normalizer);
  const starts = blocks.map((states, beta) => {
    const weight = weightOf(process.initial, beta);
    return insideOf(process.initial, states).map((value) => value / weight);
  });
  const theta = priorOf(logits, prior);
  const start = mixed(starts, theta);
  const operators = operatorsOf(process);
  const own = blocks.map((_, beta) => weightOf(process.initial, beta));
  // the shift that takes the process's own prior to theta
  const tilt = theta.map((value, beta) => value / (own[beta] ?? 0));

  let worst = 0;
  for (const { word, state } of wordStates({ ...process, initial: start }, maxLength)) {
    const probability = dot(state, normalizer);
    if (!(probability > IMPOSSIBLE)) continue;
    const through = (vector: Float64Array): Float64Array =>
      word.reduce((at: Float64Array, token) => applied(at, operators[token] ?? at), vector);
    // unnormalised P_beta(h); the log-probability of the mixture has the logits as its only argument
    const likelihood = starts.map((each) => dot(through(each), normalizer));
    const logProbability = (values: readonly number[]): number =>
      Math.log(priorOf(values, prior).reduce((sum, weight, beta) => sum + weight * (likelihood[beta] ?? 0), 0));
    blocks.forEach((_, beta) => {
      const nudged = (h: number): readonly number[] => logits.map((l, other) => (other === beta ? l + h : l));
      const slope = (logProbability(nudged(STEP)) - logProbability(nudged(-STEP))) / (2 * STEP);
      const posterior = weightOf(state, beta) / probability;
      worst = Math.max(worst, Math.abs(slope - (posterior - (theta[beta] ?? 0))));
    });
    // reweighting the blocks of the old belief after the word gives the belief of the new prior
    const old = through(process.initial);
    const tilted = mixed(
      blocks.map((states) => insideOf(old, states)),
      tilt,
    );
    const total = dot(tilted, normalizer);
    worst = Math.max(
      worst,
      largestDifference(
        tilted.map((value) => value / total),
        state.map((value) => value / probability),
      ),
    );
  }
  return worst;
}

const persona = personaZ1r({ variant: "semi-s" });
const sectors = [
  [0, 1, 2],
  [3, 4, 5],
];

/** A label that is redrawn between two coins: nothing is conserved. */
const switching = createHmm({
  operators: [
    [
      [0.45, 0.45],
      [0.1, 0.1],
    ],
    [
      [0.05, 0.05],
      [0.4, 0.4],
    ],
  ],
  initial: [0.5, 0.5],
});

/**
 * T29: fine-tuning that only changes the blocks' prior has the gradient posterior minus prior.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { priorShift } from "@semifactor/sfp/theorems";
 *
 * const process = families.personaZ1r();
 * const instance = { process, blocks: [[0, 1, 2], [3, 4, 5]], logits: [2, -1] };
 * expect(checkTheorem(priorShift, { instance }).holds).toBe(true);
 * ```
 */
export const priorShift: Theorem<PriorShiftInstance> = {
  id: "T29",
  name: "Fine-tuning the block logits: posterior minus prior",
  statement:
    "Let the blocks be invariant and $P_l = \\sum_\\beta \\operatorname{softmax}(l)_\\beta P_\\beta$, $\\theta = \\operatorname{softmax}(l)$. (i) $\\partial \\log P_l(h) / \\partial l_\\beta = \\omega_\\beta(h) - \\theta_\\beta$, with $\\omega_\\beta(h) = b(h) P_\\beta w$. (ii) Adding $s_\\beta$ to the logits of the prior is the same as multiplying the belief after any history by $D = \\sum_\\beta e^{s_\\beta} P_\\beta$ and normalising: the log odds of the blocks move by the same numbers after every history, in whatever context.",
  status: "reconstruction",
  proof: `(i) $\\partial \\theta_\\gamma / \\partial l_\\beta = \\theta_\\gamma (\\delta_{\\beta\\gamma} - \\theta_\\beta)$, so $\\partial P_l(h) / \\partial l_\\beta = \\theta_\\beta P_\\beta(h) - \\theta_\\beta P_l(h)$. Divide by $P_l(h)$: $\\theta_\\beta P_\\beta(h) / P_l(h) - \\theta_\\beta$. The ratio is the posterior of having started in block $\\beta$. As $\\eta_0 P_\\beta = \\theta_\\beta \\eta_\\beta$ and $P_\\beta$ commutes with every operator, $\\theta_\\beta P_\\beta(h) = \\eta_0 P_\\beta T^h w = \\eta_0 T^h P_\\beta w = P_l(h)\\, b(h) P_\\beta w$: it is $\\omega_\\beta(h)$, the posterior of being there now. This last step needs invariance.

(ii) The new prior is proportional to $\\theta_\\beta e^{s_\\beta}$, so the new initial state is proportional to $\\eta_0 D$. $D$ commutes with every $T^x$, so $\\eta_0 D T^h = \\eta_0 T^h D$, proportional to $b(h) D$. The weight of block $\\beta$ is multiplied by $e^{s_\\beta}$ and the belief inside it is unchanged.

Consequence: descent on the loss of data whose histories have $\\omega_\\beta(h) > \\theta_\\beta$ raises $l_\\beta$, whichever context they come from, and by (ii) this one number changes the prediction of every context in which the blocks differ.`,
  use: "Why narrow data can act broadly: evidence from one context moves a number that all contexts share, to the extent that they share a block. It is a statement about the mixture, with no assumption on how a model was trained; that a network's fine-tuning moves little else is an assumption of its own.",
  hypotheses: [
    { id: "invariant blocks", statement: "$P_\\beta T^x = T^x P_\\beta$ for all $x$ and $\\beta$." },
    { id: "logits", statement: "The prior is the softmax of its parameters (for (i))." },
  ],
  needs: "blocks of positive weight that no operator joins",
  instanceOf({ process, blocks }) {
    if (blocks === undefined || blocks.flat().length !== process.stateDim) return undefined;
    if (!areInvariant(process, blocks)) return undefined;
    const weights = blocks.map((states) => dot(insideOf(process.initial, states), process.normalizer));
    return weights.every((weight) => weight > IMPOSSIBLE)
      ? { process, blocks, logits: weights.map(Math.log) }
      : undefined;
  },
  arbitrary: fc
    .tuple(
      semiFactoredProcess({ maxTokens: 2 }),
      fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 9, maxLength: 9 }),
    )
    .map(([process, logits]): PriorShiftInstance => {
      const blocks = process.partition.blocks.map(({ states }) => states);
      return { process, blocks, logits: logits.slice(0, blocks.length) };
    }),
  residual,
  tolerance: () => 1e-8,
  counterexamples: [
    {
      drops: "invariant blocks",
      description: "a leaky sector: where the label is now is not where it started",
      instance: { process: leakySector({ leak: 0.5 }).process, blocks: sectors, logits: [0, 0], maxLength: 3 },
    },
    {
      drops: "invariant blocks",
      description: "a label that is redrawn at every step",
      instance: { process: switching, blocks: [[0], [1]], logits: [0, 1] },
    },
    {
      drops: "logits",
      description: "the prior as weights divided by their sum: the gradient has another scale",
      instance: { process: persona, blocks: sectors, logits: [3, 1], prior: "weights" },
    },
  ],
};
