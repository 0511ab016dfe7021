import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkInteger, checkRange } from "../_internal/checks.ts";
import { lineChart } from "./_internal/line-chart.ts";

/** What every figure of this package takes. */
export interface PlotOptions {
  /** Width in pixels, 520 by default, from 200 to 4096. */
  readonly width?: number;
  /** Title, read out and shown on hover. */
  readonly title?: string;
  /** Description, read out; what is drawn by default. */
  readonly description?: string;
}

/** What {@link blockWeightPlot} takes. */
export interface BlockWeightPlotOptions extends PlotOptions {
  /** Names of the blocks, `block 0`, `block 1`, ... by default. */
  readonly names?: readonly string[];
  /** Position of the first row: 0 (default) if it is before any token, 1 if it is after the first. */
  readonly firstPosition?: number;
}

const SOURCE = "blockWeightPlot";

/**
 * Draws the weights of the blocks of a semi-factored process along one sequence: a line per block, from 0 to 1, over the position.
 *
 * @param weights - the weights at each position, `[length][blocks]`
 * @returns an SVG document that can be used inline and as a file
 * @throws ShapeError if there is no position, or rows or names have another length than the first row
 * @throws InvalidArgumentError if a weight is not from 0 to 1 (1e-9) or an option is out of range
 * @example
 * ```ts
 * import { beliefState } from "@semifactor/ghmm";
 * import { blockWeights, families } from "@semifactor/sfp";
 * import { blockWeightPlot } from "@semifactor/sfp/figures";
 *
 * const process = families.personaZ1r({ variant: "semi" });
 * const word = [2, 3, 1, 2, 1];
 * const weights = word.map((_, t) => blockWeights(process, beliefState(process, word.slice(0, t))));
 * expect(blockWeightPlot(weights, { names: ["aligned", "misaligned"] }).startsWith("<svg")).toBe(true);
 * ```
 */
export function blockWeightPlot(weights: readonly ArrayLike<number>[], options: BlockWeightPlotOptions = {}): string {
  const { firstPosition = 0, width = 520, title = "Block weights" } = options;
  checkRange(SOURCE, "width", width, 200, 4096);
  checkInteger(SOURCE, "firstPosition", firstPosition, -(2 ** 31), 2 ** 31);
  const blocks = weights[0]?.length ?? 0;
  const { names = Array.from({ length: blocks }, (_, beta) => `block ${beta}`) } = options;
  if (blocks === 0 || names.length !== blocks) {
    throw new ShapeError({
      source: SOURCE,
      problem: `${weights.length} positions of ${blocks} blocks with ${names.length} names`,
      remedy: "Give at least one position, and one name per block",
    });
  }
  // Array.from also visits holes
  Array.from(weights).forEach((row: ArrayLike<number> | undefined, t) => {
    if (row?.length !== blocks) {
      throw new ShapeError({
        source: SOURCE,
        problem: `weights[${t}] has ${row?.length ?? "no"} entries and weights[0] has ${blocks}`,
        remedy: "Give the weights of every block at every position",
      });
    }
    for (let beta = 0; beta < blocks; beta++) {
      const value = row[beta] ?? Number.NaN;
      if (value >= -1e-9 && value <= 1 + 1e-9) continue;
      throw new InvalidArgumentError({
        source: SOURCE,
        problem: `weights[${t}][${beta}] is ${value}`,
        remedy: "Give weights from 0 to 1, as blockWeights and filterBlocks return",
      });
    }
  });
  return lineChart({
    series: names.map((name, beta) => ({
      name,
      values: weights.map((row) => Math.min(1, Math.max(0, row[beta] ?? 0))),
    })),
    xLabel: "position (tokens seen)",
    yLabel: "weight (probability)",
    firstPosition,
    range: [0, 1],
    width,
    title,
    description:
      options.description ?? `Weights of ${blocks} blocks at ${weights.length} positions, from ${firstPosition} on.`,
  });
}
