import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  { name: "p", range: [0, 1], example: 0.7, meaning: "probability of token 0" },
];

/**
 * Independent tosses: one state, token 0 with probability `p`, token 1 with `1 - p`.
 *
 * @throws InvalidArgumentError unless `0 <= p <= 1`
 * @example
 * ```ts
 * import { coin, wordProbability } from "@semifactor/ghmm";
 *
 * expect(wordProbability(coin({ p: 0.7 }), [0, 1, 0])).toBeCloseTo(0.147, 14);
 * ```
 */
export function coin({ p }: { readonly p: number }): Process {
  checkParameters("coin", PARAMETERS, { p });
  return createHmm({ operators: [[[p]], [[1 - p]]], initial: [1] });
}

/** The entry of {@link coin} in the list of processes. */
export const coinDescription = description({
  name: "coin",
  summary: "Independent tosses of a coin",
  parameters: PARAMETERS,
  alphabet: ["0", "1"],
  states: ["S"],
  create: coin,
});
