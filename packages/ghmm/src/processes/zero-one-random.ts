import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  { name: "p", range: [0, 1], example: 0.5, meaning: "probability that the random token is 1" },
];

/**
 * Zero-One-Random (Z1R): emits 0, then 1, then a random token, over and over. States S0, S1, SR; `p = P(1 | SR)`.
 *
 * Starts in its stationary state `(1, 1, 1) / 3`, the phase unknown; entropy rate `H2(p) / 3` bits.
 * Other libraries call the probability of 0 `p`; the two agree at 1/2 only.
 *
 * @throws InvalidArgumentError unless `0 <= p <= 1`
 * @example
 * ```ts
 * import { wordProbability, zeroOneRandom } from "@semifactor/ghmm";
 *
 * expect(wordProbability(zeroOneRandom({ p: 0.25 }), [0, 1, 1])).toBeCloseTo(1 / 3 * 0.25, 14);
 * ```
 */
export function zeroOneRandom({ p }: { readonly p: number }): Process {
  checkParameters("zeroOneRandom", PARAMETERS, { p });
  return createHmm({
    operators: [
      [
        [0, 1, 0],
        [0, 0, 0],
        [1 - p, 0, 0],
      ],
      [
        [0, 0, 0],
        [0, 0, 1],
        [p, 0, 0],
      ],
    ],
    initial: [1 / 3, 1 / 3, 1 / 3],
  });
}

/** The entry of {@link zeroOneRandom} in the list of processes. */
export const zeroOneRandomDescription = description({
  name: "zeroOneRandom",
  summary: "0, then 1, then a random token, over and over",
  parameters: PARAMETERS,
  alphabet: ["0", "1"],
  states: ["S0", "S1", "SR"],
  create: zeroOneRandom,
});
