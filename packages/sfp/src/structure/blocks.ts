import { type Certificate, createGhmm, InvalidArgumentError, type Process } from "@semifactor/ghmm";
import { checkFinite, checkInteger, checkLaw, checkLength } from "../_internal/checks.ts";
import { assembleSemiFactored, type SemiFactoredProcess } from "./semi-factored.ts";

/**
 * Weights of the blocks in a belief, `omega_beta = b P_beta w`; they sum to one.
 *
 * They move by Bayes' rule with the blocks' own predictions as likelihoods, and are martingales (T15 i, ii).
 *
 * @param belief - `[stateDim]`
 * @returns `[blocks]`
 * @throws ShapeError if the belief has another length; InvalidArgumentError if an entry is not finite
 * @example
 * ```ts
 * import { beliefState } from "@semifactor/ghmm";
 * import { blockWeights, families } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r({ variant: "factored" });
 * // the marked bit is 1 with probability 3/4 for the misaligned persona and 1/4 for the aligned one
 * expect(blockWeights(process, beliefState(process, [2]))[1]).toBeCloseTo(0.75, 12);
 * ```
 */
export function blockWeights(process: SemiFactoredProcess, belief: ArrayLike<number>): Float64Array {
  return weigh("blockWeights", process, belief);
}

function weigh(source: string, process: SemiFactoredProcess, belief: ArrayLike<number>): Float64Array {
  checkLength(source, "belief", belief, process.stateDim);
  checkFinite(source, "belief", belief);
  const { blocks, blockOf } = process.partition;
  const weights = new Float64Array(blocks.length);
  for (let s = 0; s < process.stateDim; s++) {
    const beta = blockOf[s] ?? 0;
    weights[beta] = (weights[beta] ?? 0) + (belief[s] ?? 0) * (process.normalizer[s] ?? 0);
  }
  return weights;
}

/**
 * The belief given the block, `b_beta = b P_beta / omega_beta`, over all states (zero outside the block).
 *
 * It evolves by the block's operators alone, whatever the weights (T15 iii); putting it in the place of the belief is the exact
 * intervention "be in this block", which is global and permanent (T28).
 *
 * @param belief - `[stateDim]`
 * @returns `[stateDim]`
 * @throws InvalidArgumentError if the block does not exist or has weight zero, or an entry of the belief is not finite
 * @throws ShapeError if the belief has another length
 * @example
 * ```ts
 * import { families, withinBlockBelief } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r({ variant: "semi" });
 * expect(Array.from(withinBlockBelief(process, process.initial, 1))).toEqual([0, 0, 0, 1 / 3, 1 / 3, 1 / 3]);
 * ```
 */
export function withinBlockBelief(
  process: SemiFactoredProcess,
  belief: ArrayLike<number>,
  block: number,
): Float64Array {
  return insideBlock("withinBlockBelief", process, belief, block);
}

function checkWeight(source: string, block: number, weight: number): void {
  if (Math.abs(weight) > 0) return;
  throw new InvalidArgumentError({
    source,
    problem: `block ${block} has weight ${weight}`,
    remedy: "Ask only for blocks whose weight is not zero",
  });
}

function insideBlock(
  source: string,
  process: SemiFactoredProcess,
  belief: ArrayLike<number>,
  block: number,
): Float64Array {
  const { blockOf, blocks } = process.partition;
  checkInteger(source, "block", block, 0, blocks.length - 1);
  const weight = weigh(source, process, belief)[block] ?? 0;
  checkWeight(source, block, weight);
  return Float64Array.from({ length: process.stateDim }, (_, s) =>
    blockOf[s] === block ? (belief[s] ?? 0) / weight : 0,
  );
}

/**
 * The process of one block alone: its operators restricted to its states, started from its share of the initial belief.
 *
 * Word probabilities of the whole are the mixture `P(h) = sum_beta omega_beta P_beta(h)` (T15 iv).
 *
 * @throws InvalidArgumentError if the block does not exist or has weight zero at the start
 * @throws NotNormalizedError if the block leaks, which a process with a larger `tolerance` than the default may
 * @example
 * ```ts
 * import { wordProbability } from "@semifactor/ghmm";
 * import { blockProcess, families } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r({ variant: "semi" });
 * const [aligned, misaligned] = [0, 1].map((block) => wordProbability(blockProcess(process, block), [2, 1, 3]));
 * expect(wordProbability(process, [2, 1, 3])).toBeCloseTo(((aligned ?? 0) + (misaligned ?? 0)) / 2, 14);
 * ```
 */
export function blockProcess(process: SemiFactoredProcess, block: number): Process {
  const start = insideBlock("blockProcess", process, process.initial, block);
  const states = process.partition.blocks[block]?.states ?? [];
  return createGhmm({
    operators: process.alphabet.map((_, token) => {
      const operator = process.operator(token);
      return states.map((row) => states.map((column) => operator[row * process.stateDim + column] ?? 0));
    }),
    initial: states.map((s) => start[s] ?? 0),
    normalizer: states.map((s) => process.normalizer[s] ?? 0),
    alphabet: process.alphabet,
  });
}

/**
 * The same process with other initial weights of the blocks, the beliefs inside blocks unchanged: a shift of the prior.
 *
 * With `omega = softmax(l)`, `d log P(h) / d l_beta` is posterior minus prior, `omega_beta(h) - omega_beta` (T29): evidence from any one
 * context moves the one weight that every context is predicted with.
 *
 * @param weights - `[blocks]`, non-negative with sum one
 * @throws InvalidArgumentError if a weight is negative, or a block that starts with weight zero is to get some
 * @throws NotNormalizedError if the weights do not sum to one
 * @throws ShapeError if there is not one weight per block
 * @example
 * ```ts
 * import { families, withBlockWeights } from "@semifactor/sfp";
 *
 * const shifted = withBlockWeights(families.personaZ1r({ variant: "semi" }), [0.1, 0.9]);
 * expect(shifted.initial[3]).toBeCloseTo(0.3, 14);
 * ```
 */
export function withBlockWeights(process: SemiFactoredProcess, weights: ArrayLike<number>): SemiFactoredProcess {
  const source = "withBlockWeights";
  const { blocks, blockOf } = process.partition;
  checkLength(source, "weights", weights, blocks.length);
  checkLaw(source, "weights", weights);
  const old = weigh(source, process, process.initial);
  blocks.forEach((_, beta) => {
    if (weights[beta] !== 0) checkWeight(source, beta, old[beta] ?? 0);
  });
  const initial = process.initial.map((value, s) => {
    const beta = blockOf[s] ?? 0;
    const weight = weights[beta] ?? 0;
    return weight === 0 ? 0 : weight * (value / (old[beta] ?? 0));
  });
  // only for an HMM is every mixture of the blocks' beliefs known to be a state
  const certificate: Certificate =
    process.certificate.kind === "hmm"
      ? process.certificate
      : { kind: "unchecked", wordLength: 0, smallestProbability: 1 };
  return assembleSemiFactored({ ...process, initial, certificate }, process);
}
