import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";
import { RRXOR_PARAMETERS, rrxorOperators } from "./rrxor.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  ...RRXOR_PARAMETERS,
  { name: "epsilon", range: [0, 1], example: 0.1, meaning: "probability of a uniformly random token and state" },
];

/**
 * The random-random-XOR process of {@link rrxor} with leaks: with probability `epsilon` the token and the next state are
 * uniform instead, `T^x[s, s'] = (1 - epsilon) rrxor^x[s, s'] + epsilon / 10`.
 *
 * Starts in its stationary state. For `epsilon = 0` it is `rrxor`, for 1 a fair coin.
 *
 * @param parameters - `p1` and `p2` are 1/2 by default
 * @throws InvalidArgumentError unless `0 <= p1, p2, epsilon <= 1`
 * @example
 * ```ts
 * import { leakyRrxor, rrxor, wordProbability } from "@semifactor/ghmm";
 *
 * // 1, 0, 1, 0 and then 0, 0: no phase allows it without a leak
 * const word = [1, 0, 1, 0, 0, 0];
 * expect(wordProbability(rrxor(), word)).toBe(1 / 48);
 * expect(wordProbability(leakyRrxor({ epsilon: 1 }), word)).toBeCloseTo(1 / 64, 14);
 * ```
 */
export function leakyRrxor({
  p1 = 0.5,
  p2 = 0.5,
  epsilon,
}: {
  readonly p1?: number;
  readonly p2?: number;
  readonly epsilon: number;
}): Process {
  checkParameters("leakyRrxor", PARAMETERS, { p1, p2, epsilon });
  const keep = 1 - epsilon;
  const leak = epsilon / 5;
  // pi = leak (1, ..., 1) + keep pi T, solved around the loop S, {0, 1}, {T, F}; divided by epsilon so that 0 is allowed
  const start = (1 + 2 * keep + 2 * keep ** 2) / (5 * (1 + keep + keep ** 2));
  const [zero, one] = [leak + keep * p1 * start, leak + keep * (1 - p1) * start];
  return createHmm({
    operators: rrxorOperators(p1, p2).map((operator) =>
      operator.map((row) => row.map((value) => keep * value + epsilon / 10)),
    ),
    initial: [start, zero, one, leak + keep * ((1 - p2) * zero + p2 * one), leak + keep * (p2 * zero + (1 - p2) * one)],
  });
}

/** The entry of {@link leakyRrxor} in the list of processes. */
export const leakyRrxorDescription = description({
  name: "leakyRrxor",
  summary: "Random-random-XOR that sometimes jumps to a random state with a random token",
  parameters: PARAMETERS,
  alphabet: ["0", "1"],
  states: ["S", "0", "1", "T", "F"],
  create: leakyRrxor,
});
