import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  { name: "p", range: [0, 1], default: 0.5, example: 0.5, meaning: "probability of token 1 from state A" },
];

/**
 * The golden mean process: no two ones in a row. States A, B; from A token 1 (to B) with probability `p`, else 0; from B token 0.
 *
 * Starts in its stationary state `(1, p) / (1 + p)`; entropy rate `H2(p) / (1 + p)` bits.
 *
 * @param parameters - `p` is 1/2 by default
 * @throws InvalidArgumentError unless `0 <= p <= 1`
 * @example
 * ```ts
 * import { goldenMean, wordProbability } from "@semifactor/ghmm";
 *
 * expect(wordProbability(goldenMean(), [1, 1])).toBe(0);
 * expect(wordProbability(goldenMean(), [0, 1])).toBeCloseTo(1 / 3, 14);
 * ```
 */
export function goldenMean({ p = 0.5 }: { readonly p?: number } = {}): Process {
  checkParameters("goldenMean", PARAMETERS, { p });
  return createHmm({
    operators: [
      [
        [1 - p, 0],
        [1, 0],
      ],
      [
        [0, p],
        [0, 0],
      ],
    ],
    initial: [1 / (1 + p), p / (1 + p)],
  });
}

/** The entry of {@link goldenMean} in the list of processes. */
export const goldenMeanDescription = description({
  name: "goldenMean",
  summary: "No two ones in a row",
  parameters: PARAMETERS,
  alphabet: ["0", "1"],
  states: ["A", "B"],
  create: goldenMean,
});
