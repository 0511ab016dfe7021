import { InvalidArgumentError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  {
    name: "p",
    range: [0, 1],
    example: 0.4,
    meaning: "probability of going from one of Something and Blah to the other",
  },
  { name: "q", range: [0, 1], example: 0.25, meaning: "probability of Mr. after Something or Blah" },
];

const TOKENS = ["Mr.", "Something", "Blah", "name"] as const;

/**
 * A title and its name among other words: the state is the last token. `name` follows `Mr.`; `Something` or `Blah`, each with
 * 1/2, follow `name`; after either of these comes `Mr.` with probability `q`, the other with `p`, the same with `1 - p - q`.
 *
 * States Mr., Something, Blah, name; starts in its stationary state `(2q, 1, 1, 2q) / (2 + 4q)` (for `p = q = 0` one of many).
 *
 * @throws InvalidArgumentError unless `0 <= p, q <= 1` and `p + q <= 1`
 * @example
 * ```ts
 * import { mrName, nextTokenDistribution } from "@semifactor/ghmm";
 *
 * const process = mrName({ p: 0.4, q: 0.25 });
 * expect(Array.from(nextTokenDistribution(process, [1, 0, 0, 0]))).toEqual([0, 0, 0, 1]);
 * expect(process.initial[1]).toBeCloseTo(1 / 3, 14);
 * ```
 */
export function mrName({ p, q }: { readonly p: number; readonly q: number }): Process {
  const source = "mrName";
  checkParameters(source, PARAMETERS, { p, q });
  // rounding of p = 0.9, q = 0.1 and the like is no error
  if (p + q > 1 + 1e-15) {
    throw new InvalidArgumentError({
      source,
      problem: `p + q is ${p + q}`,
      remedy: "Give p and q from 0 to 1 with p + q at most 1",
    });
  }
  const stay = Math.max(0, 1 - p - q);
  const rows = [
    [0, 0, 0, 1],
    [q, stay, p, 0],
    [q, p, stay, 0],
    [0, 0.5, 0.5, 0],
  ];
  return createHmm({
    operators: TOKENS.map((_, token) => rows.map((row) => row.map((value, to) => (to === token ? value : 0)))),
    initial: [q, 0.5, 0.5, q].map((weight) => weight / (1 + 2 * q)),
    alphabet: TOKENS,
  });
}

/** The entry of {@link mrName} in the list of processes. */
export const mrNameDescription = description({
  name: "mrName",
  summary: "A title and its name among other words",
  parameters: PARAMETERS,
  condition: "p + q <= 1",
  alphabet: [...TOKENS],
  states: [...TOKENS],
  create: mrName,
});
