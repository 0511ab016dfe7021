import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  { name: "x", range: [0, 0.5], example: 0.15, meaning: "probability of going to each of the other states" },
  { name: "a", range: [0, 1], example: 0.6, meaning: "probability that the token names the new state" },
];

/**
 * Mess3: three hidden states, three tokens, a fractal set of beliefs.
 *
 * The state stays with probability `1 - 2x` and goes to each other state with `x`; the token equals the new state with
 * probability `a` and each other state with `(1 - a) / 2`: `T^z[i, j] = (a or b) (y or x)`. Starts in its stationary state.
 *
 * @throws InvalidArgumentError unless `0 <= x <= 1/2` and `0 <= a <= 1`
 * @example
 * ```ts
 * import { beliefState, mess3 } from "@semifactor/ghmm";
 *
 * const belief = beliefState(mess3({ x: 0.15, a: 0.6 }), [0, 0]);
 * expect(belief[0]).toBeCloseTo(36 / 49, 14);
 * expect(belief[1]).toBeCloseTo(13 / 98, 14);
 * ```
 *
 * Source: Marzen and Crutchfield, "Nearly maximally predictive features and their dimensions", Physical Review E 95 (2017).
 */
export function mess3({ x, a }: { readonly x: number; readonly a: number }): Process {
  checkParameters("mess3", PARAMETERS, { x, a });
  const states = [0, 1, 2];
  const stay = 1 - 2 * x;
  const other = (1 - a) / 2;
  return createHmm({
    operators: states.map((z) => states.map((i) => states.map((j) => (z === j ? a : other) * (i === j ? stay : x)))),
    initial: [1 / 3, 1 / 3, 1 / 3],
  });
}

/** The entry of {@link mess3} in the list of processes. */
export const mess3Description = description({
  name: "mess3",
  summary: "Three hidden states, three tokens, a fractal set of beliefs",
  parameters: PARAMETERS,
  alphabet: ["0", "1", "2"],
  states: ["0", "1", "2"],
  create: mess3,
});
