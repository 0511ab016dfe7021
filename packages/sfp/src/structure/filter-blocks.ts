import type { TokenBatch } from "@semifactor/ghmm";
import { checkApart, checkBatch, IMPOSSIBLE, impossible, outputOf, tokenAt } from "@semifactor/ghmm/internal";
import { checkObject } from "../_internal/checks.ts";
import { advanceBlock, blockOperators, initialBlocks } from "./_internal/block-operators.ts";
import { WeightTrack } from "./_internal/weight-track.ts";
import type { SemiFactoredProcess } from "./semi-factored.ts";

const SOURCE = "filterBlocks";

/** What {@link filterBlocks} returns. */
export interface FilteredBlocks {
  /** Block weights before token `t` at `[i, t, :]` and after the last at `[i, length, :]`; row-major `[count, length + 1, blocks]`. */
  readonly weights: Float64Array;
  /** `P(x_t | x_1 .. x_{t-1})`, row-major `[count, length]`. */
  readonly probabilities: Float64Array;
  /**
   * Natural logarithms of the weights, in the same places, where they were asked for: finite where a weight is too small for a
   * double, `-Infinity` where it is zero.
   */
  readonly logWeights?: Float64Array;
  /** `P_beta(x_t | x_1 .. x_{t-1})` of every block, row-major `[count, length, blocks]`, where asked for; 0 in a block without weight. */
  readonly likelihoods?: Float64Array;
  /**
   * Beliefs `b_beta` of all blocks side by side, row-major `[count, length + 1, d]` in joint states, where asked for; the belief of the
   * process is their mixture. Zero in a block without weight, whose belief does not exist.
   */
  readonly beliefs?: Float64Array;
  readonly count: number;
  readonly length: number;
  /** Number of blocks. */
  readonly blocks: number;
}

/** Arrays of an earlier call of {@link filterBlocks} to write to, each as long as the result. */
export type FilterBlocksOutput = Partial<
  Pick<FilteredBlocks, "weights" | "probabilities" | "logWeights" | "likelihoods" | "beliefs">
>;

/** Options of {@link filterBlocks}. */
export interface FilterBlocksOptions {
  /** @defaultValue false */
  readonly withLogWeights?: boolean;
  /** @defaultValue false */
  readonly withLikelihoods?: boolean;
  /** @defaultValue false */
  readonly withBeliefs?: boolean;
  readonly out?: FilterBlocksOutput;
}

/** The result that some options ask for. */
export type FilteredBlocksFor<Options extends FilterBlocksOptions> = FilteredBlocks &
  (Options extends { readonly withLogWeights: true } ? { readonly logWeights: Float64Array } : unknown) &
  (Options extends { readonly withLikelihoods: true } ? { readonly likelihoods: Float64Array } : unknown) &
  (Options extends { readonly withBeliefs: true } ? { readonly beliefs: Float64Array } : unknown);

/**
 * Filters a semi-factored process as the Bayes mixture that it is: each block's belief moves by the block's own operators, and the
 * weights by Bayes' rule, `omega_beta' = omega_beta P_beta(x | b_beta) / P(x | b)` (T15 i, iii).
 *
 * A token costs the sum of the squares of the block sizes, not the square of the number of states. Weights are kept with an exponent of
 * their own, so that evidence of any length against a block can be undone by later evidence for it. A token that is impossible in one
 * block sends its weight to exactly 0, for good. Entries between blocks, which a process with a larger `tolerance` than the default may
 * have, are left out. Agrees with `filterBeliefs` and {@link blockWeights} up to rounding.
 *
 * @param options - which optional results to write, and `out`: arrays to write to, for instance those of an earlier call
 * @throws ShapeError if the number of tokens is not `count * length`, or an array of `out` has another length than the result
 * @throws InvalidArgumentError if a token is out of range, two arrays of `out` overlap, or logarithms of a negative weight of a signed
 * process are asked for
 * @throws ZeroProbabilityError if a sequence is impossible; `position` is within its sequence
 * @throws UnsupportedError if the result does not fit into memory
 * @example
 * ```ts
 * import { families, filterBlocks } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r({ variant: "factored" });
 * // marked bits 1, 1: each is three times as probable for the misaligned persona
 * const { weights } = filterBlocks(process, { tokens: [2, 3], count: 1, length: 2 });
 * expect(Array.from(weights).map((weight) => Number(weight.toFixed(12)))).toEqual([0.5, 0.5, 0.25, 0.75, 0.1, 0.9]);
 * ```
 */
export function filterBlocks<const Options extends FilterBlocksOptions = Record<never, never>>(
  process: SemiFactoredProcess,
  batch: TokenBatch,
  options?: Options,
): FilteredBlocksFor<Options>;
export function filterBlocks(
  process: SemiFactoredProcess,
  batch: TokenBatch,
  options: FilterBlocksOptions = {},
): FilteredBlocks {
  checkObject(SOURCE, "batch", batch);
  checkBatch(SOURCE, batch);
  const { count, length } = batch;
  const { out = {}, withLogWeights = false, withLikelihoods = false, withBeliefs = false } = options;
  const operators = blockOperators(process);
  const { blocks, start, order } = operators;
  const { stateDim } = process;
  const initial = initialBlocks(SOURCE, process);
  const rows = count * (length + 1);
  const weights = outputOf(SOURCE, "weights", out.weights, rows * blocks);
  const probabilities = outputOf(SOURCE, "probabilities", out.probabilities, count * length);
  const logWeights = withLogWeights ? outputOf(SOURCE, "logWeights", out.logWeights, rows * blocks) : undefined;
  const likelihoods = withLikelihoods
    ? outputOf(SOURCE, "likelihoods", out.likelihoods, count * length * blocks)
    : undefined;
  const beliefs = withBeliefs ? outputOf(SOURCE, "beliefs", out.beliefs, rows * stateDim) : undefined;
  checkApart(SOURCE, { weights, probabilities, logWeights, likelihoods, beliefs });

  const track = new WeightTrack(SOURCE, initial.weights);
  const inside = new Float64Array(stateDim);
  const scratch = new Float64Array(stateDim);
  const likelihood = new Float64Array(blocks);
  const write = (row: number): void => {
    track.writeWeights(weights, row * blocks);
    if (logWeights !== undefined) track.writeLogWeights(logWeights, row * blocks);
    if (beliefs === undefined) return;
    for (let k = 0; k < stateDim; k++) beliefs[row * stateDim + (order[k] ?? 0)] = inside[k] ?? 0;
  };
  for (let sequence = 0, row = 0, index = 0; sequence < count; sequence++) {
    track.reset();
    inside.set(initial.beliefs);
    write(row++);
    for (let position = 0; position < length; position++, index++) {
      const token = tokenAt(SOURCE, process, batch.tokens, index);
      for (let beta = 0; beta < blocks; beta++) {
        const from = start[beta] ?? 0;
        const p = track.isAlive(beta) ? advanceBlock(operators, token, beta, inside, from, scratch) : 0;
        likelihood[beta] = p;
        if (p === 0 && beliefs !== undefined) inside.fill(0, from, start[beta + 1]);
      }
      const probability = track.update(likelihood);
      if (!(probability > IMPOSSIBLE)) throw impossible(SOURCE, process, position, token, ` of sequence ${sequence}`);
      probabilities[index] = probability;
      likelihoods?.set(likelihood, index * blocks);
      write(row++);
    }
  }
  return {
    weights,
    probabilities,
    ...(logWeights === undefined ? {} : { logWeights }),
    ...(likelihoods === undefined ? {} : { likelihoods }),
    ...(beliefs === undefined ? {} : { beliefs }),
    count,
    length,
    blocks,
  };
}
