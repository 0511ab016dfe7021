import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { checkList } from "../process/validate.ts";
import { description } from "./description.ts";
import { checkParameter, type ProcessParameter } from "./parameter.ts";

const SOURCE = "matchingParentheses";

/** Deepest nesting: the operators are `[2, d, d]`. */
const MOST_DEPTHS = 1000;

const OPEN: ProcessParameter = {
  name: "openProbabilities",
  range: [0, 1],
  openEnds: [true, false],
  example: [1, 0.5, 0.5],
  meaning: "probability of opening at each depth, the first of them 1",
};

/** The opening probability of every depth, the last of them 0. */
function readProbabilities(given: readonly number[]): readonly number[] {
  checkList(SOURCE, "openProbabilities", given);
  const open = Array.from(given);
  if (open.at(-1) === 0) open.pop();
  if (open.length === 0 || open.length > MOST_DEPTHS) {
    throw new ShapeError({
      source: SOURCE,
      problem: `openProbabilities has ${given.length} entries`,
      remedy: `Give from 1 to ${MOST_DEPTHS} opening probabilities above 0, one for each depth`,
    });
  }
  open.forEach((value, depth) => {
    checkParameter(SOURCE, OPEN, value, `openProbabilities[${depth}]`);
  });
  if (open[0] !== 1) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `openProbabilities[0] is ${open[0]}`,
      remedy: "Give 1 for depth 0, where nothing can be closed; openProbabilities are above 0 and at most 1",
    });
  }
  return [...open, 0];
}

/**
 * Parentheses that match, up to a greatest depth: states are the depths of nesting, at depth `k` a parenthesis opens with
 * probability `openProbabilities[k]` and closes otherwise. The deepest state always closes: it is the one after the last
 * probability given, or that of a 0 in the last place.
 *
 * Starts in its stationary state: `pi[k] open[k] = pi[k + 1] (1 - open[k + 1])`.
 *
 * @throws ShapeError if there is no opening probability, or more than 1000
 * @throws InvalidArgumentError if one is not above 0 and at most 1, or the first is not 1
 * @example
 * ```ts
 * import { matchingParentheses } from "@semifactor/ghmm";
 *
 * const process = matchingParentheses({ openProbabilities: [1, 0.5, 0.5] });
 * expect(process.alphabet).toEqual(["(", ")"]);
 * expect(Array.from(process.initial)).toEqual([1 / 6, 1 / 3, 1 / 3, 1 / 6]);
 * ```
 */
export function matchingParentheses({ openProbabilities }: { readonly openProbabilities: readonly number[] }): Process {
  const open = readProbabilities(openProbabilities);
  const depths = open.map((_, depth) => depth);
  const weights = new Float64Array(open.length).fill(1);
  // from the deepest state up, so that depths which are never reached again get weight 0 and nothing is divided by 0
  for (let depth = open.length - 2; depth >= 0; depth--) {
    const below = (weights[depth + 1] ?? 0) * (1 - (open[depth + 1] ?? 0));
    const share = open[depth] ?? 1;
    // only ratios matter: where this depth outweighs the one below, it gets 1 and those below their share of it
    if (below <= share) weights[depth] = below / share;
    else for (let k = depth + 1; k < weights.length; k++) weights[k] = (weights[k] ?? 0) * (share / below);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return createHmm({
    operators: [
      depths.map((from) => depths.map((to) => (to === from + 1 ? (open[from] ?? 0) : 0))),
      depths.map((from) => depths.map((to) => (to === from - 1 ? 1 - (open[from] ?? 0) : 0))),
    ],
    initial: weights.map((weight) => weight / total),
    alphabet: ["(", ")"],
  });
}

/** The entry of {@link matchingParentheses} in the list of processes. */
export const matchingParenthesesDescription = description({
  name: SOURCE,
  summary: "Parentheses that match, nested up to a greatest depth",
  parameters: [OPEN],
  condition: "the first opening probability is 1; a last one of 0 is allowed",
  alphabet: ["(", ")"],
  create: matchingParentheses,
});
