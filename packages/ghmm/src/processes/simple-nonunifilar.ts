import { InvalidArgumentError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  { name: "p", range: [0, 1], default: 0.5, example: 0.5, meaning: "probability of leaving A, unseen" },
  { name: "q", range: [0, 1], default: 0.5, example: 0.5, meaning: "probability of leaving B, with token 1" },
];

/**
 * The simple non-unifilar source: two states, and only token 1 shows which. A goes to B with probability `p` and B to A with
 * `q`; the token is 1 on the way from B to A and 0 otherwise.
 *
 * Starts in its stationary state `(q, p) / (p + q)`. Its beliefs are countably many: how many zeros since the last one.
 *
 * @param parameters - `p` and `q` are 1/2 by default
 * @throws InvalidArgumentError unless `0 <= p, q <= 1`, or if both are 0
 * @example
 * ```ts
 * import { beliefState, simpleNonunifilar } from "@semifactor/ghmm";
 *
 * expect(Array.from(beliefState(simpleNonunifilar(), [0, 1]))).toEqual([1, 0]);
 * expect(beliefState(simpleNonunifilar(), [1, 0, 0])[0]).toBeCloseTo(1 / 3, 14);
 * ```
 *
 * Source: Crutchfield, "The calculi of emergence", Physica D 75 (1994).
 */
export function simpleNonunifilar({ p = 0.5, q = 0.5 }: { readonly p?: number; readonly q?: number } = {}): Process {
  const source = "simpleNonunifilar";
  checkParameters(source, PARAMETERS, { p, q });
  if (p + q === 0) {
    throw new InvalidArgumentError({
      source,
      problem: "p and q are both 0",
      remedy: "Give p and q from 0 to 1, one of them above 0: else each state is stationary by itself",
    });
  }
  return createHmm({
    operators: [
      [
        [1 - p, p],
        [0, 1 - q],
      ],
      [
        [0, 0],
        [q, 0],
      ],
    ],
    initial: [q / (p + q), p / (p + q)],
  });
}

/** The entry of {@link simpleNonunifilar} in the list of processes. */
export const simpleNonunifilarDescription = description({
  name: "simpleNonunifilar",
  summary: "Two states that only token 1 tells apart",
  parameters: PARAMETERS,
  condition: "p + q > 0",
  alphabet: ["0", "1"],
  states: ["A", "B"],
  create: simpleNonunifilar,
});
