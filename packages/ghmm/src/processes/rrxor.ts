import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

/** The parameters that the processes of this family share. */
export const RRXOR_PARAMETERS: readonly ProcessParameter[] = [
  { name: "p1", range: [0, 1], default: 0.5, example: 0.5, meaning: "probability that the first token is 0" },
  { name: "p2", range: [0, 1], default: 0.5, example: 0.5, meaning: "probability that the second token is 0" },
];

/** `T[x][s][s']` of the random-random-XOR process, states S, 0, 1, T, F. */
export function rrxorOperators(p1: number, p2: number): readonly (readonly (readonly number[])[])[] {
  const [r1, r2] = [1 - p1, 1 - p2];
  return [
    [
      [0, p1, 0, 0, 0],
      [0, 0, 0, 0, p2],
      [0, 0, 0, p2, 0],
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
    ],
    [
      [0, 0, r1, 0, 0],
      [0, 0, 0, r2, 0],
      [0, 0, 0, 0, r2],
      [1, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ],
  ];
}

/**
 * Random-random-XOR: two random tokens, then their exclusive or, over and over. States S (start), 0 and 1 (the first token),
 * T and F (the exclusive or is 1 or 0); `p1`, `p2` are the probabilities that the first and the second token are 0.
 *
 * Starts in its stationary state, `(2, 1, 1, 1, 1) / 6` at the defaults; entropy rate `(H2(p1) + H2(p2)) / 3` bits.
 *
 * @param parameters - `p1` and `p2` are 1/2 by default
 * @throws InvalidArgumentError unless `0 <= p1, p2 <= 1`
 * @example
 * ```ts
 * import { beliefState, rrxor } from "@semifactor/ghmm";
 *
 * const belief = beliefState(rrxor(), [0, 0, 0]);
 * expect(Array.from(belief)).toEqual([0.5, 0.25, 0, 0, 0.25]);
 * ```
 *
 * Source: Crutchfield and Feldman, "Regularities unseen, randomness observed", Chaos 13 (2003).
 */
export function rrxor({ p1 = 0.5, p2 = 0.5 }: { readonly p1?: number; readonly p2?: number } = {}): Process {
  checkParameters("rrxor", RRXOR_PARAMETERS, { p1, p2 });
  const odd = p1 * (1 - p2) + (1 - p1) * p2;
  return createHmm({
    operators: rrxorOperators(p1, p2),
    initial: [1, p1, 1 - p1, odd, 1 - odd].map((weight) => weight / 3),
  });
}

/** The entry of {@link rrxor} in the list of processes. */
export const rrxorDescription = description({
  name: "rrxor",
  summary: "Two random tokens, then their exclusive or, over and over",
  parameters: RRXOR_PARAMETERS,
  alphabet: ["0", "1"],
  states: ["S", "0", "1", "T", "F"],
  create: rrxor,
});
