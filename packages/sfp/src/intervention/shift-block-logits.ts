import { checkLength, checkRange } from "../_internal/checks.ts";
import { blockWeights, withBlockWeights } from "../structure/blocks.ts";
import type { SemiFactoredProcess } from "../structure/semi-factored.ts";
import { checkStates, type Intervention, makeIntervention } from "./intervention.ts";

/** What {@link shiftBlockLogits} returns. */
export interface ShiftedBlockLogits {
  /** The same blocks with prior `softmax(log omega + shift)`. */
  readonly process: SemiFactoredProcess;
  /** The new prior, `[blocks]`. */
  readonly weights: Float64Array;
  /** The same change of a belief after any history, `b -> b D / (b D w)` with `D = sum_beta exp(shift_beta) P_beta`. */
  readonly intervention: Intervention;
}

/** Largest shift: its exponential and that of its negative are far from overflow. */
const LARGEST_SHIFT = 300;

/**
 * Fine-tuning as a change of prior: adds a number to the logit of every block's weight and changes nothing inside the blocks.
 *
 * The logits of the posterior after any history move by the same numbers, since `D` commutes with every operator: reweighting the
 * prior and reweighting the belief are one intervention. The gradient of a word's log-probability in the logits is posterior minus
 * prior (T29).
 *
 * @param shift - nats, `[blocks]`, each from -300 to 300; a number added to all of them changes nothing
 * @throws ShapeError if there is not one number per block
 * @throws InvalidArgumentError if a shift is not a number from -300 to 300
 * @throws UnsupportedError if the process has more than 8192 states
 * @example
 * ```ts
 * import { families, shiftBlockLogits } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r({ weights: [0.99, 0.01] });
 * const { weights } = shiftBlockLogits(process, [0, Math.log(99)]);
 * expect(weights[1]).toBeCloseTo(0.5, 12);
 * ```
 */
export function shiftBlockLogits(process: SemiFactoredProcess, shift: ArrayLike<number>): ShiftedBlockLogits {
  const source = "shiftBlockLogits";
  const { stateDim, normalizer } = process;
  const { blocks, blockOf } = process.partition;
  checkLength(source, "shift", shift, blocks.length);
  blocks.forEach((_, beta) => {
    checkRange(source, `shift[${beta}]`, shift[beta] ?? Number.NaN, -LARGEST_SHIFT, LARGEST_SHIFT);
  });
  checkStates(source, stateDim);
  const tilted = blockWeights(process, process.initial).map((weight, beta) => weight * Math.exp(shift[beta] ?? 0));
  const total = tilted.reduce((sum, value) => sum + value, 0);
  const weights = tilted.map((value) => value / total);
  const matrix = new Float64Array(stateDim * stateDim);
  blockOf.forEach((beta, s) => {
    matrix[s * stateDim + s] = Math.exp(shift[beta] ?? 0);
  });
  const moved = blocks.reduce((sum, { states }, beta) => sum + (shift[beta] === 0 ? 0 : states.length), 0);
  const intervention = makeIntervention({
    source,
    name: `shift block logits by [${Array.from(shift).join(", ")}]`,
    matrix,
    rank: stateDim,
    changeRank: moved,
    normalizer,
  });
  return { process: withBlockWeights(process, weights), weights, intervention };
}
