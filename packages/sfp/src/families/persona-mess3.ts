import { createHmm, mess3 } from "@semifactor/ghmm";
import { checkRange } from "../_internal/checks.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";

/** Options of {@link personaMess3}. */
export interface PersonaMess3Options {
  /** How much the persona's mark depends on the capability state, 0 (factored) to 1. @defaultValue 0 */
  readonly theta?: number;
  /** Size of the mark, 0 to 1: P(u = 1) is 1/2 plus or minus half of it. @defaultValue 0.5 */
  readonly delta?: number;
  /** Mess3's transition parameter, 0 to 0.5. @defaultValue 0.15 */
  readonly x?: number;
  /** Mess3's emission parameter, 0 to 1. @defaultValue 0.6 */
  readonly a?: number;
}

/** Direction in which each capability state bends the mark at theta = 1. */
const BEND = [1, 0, -1] as const;

/**
 * PM: a static persona over a Mess3 capability register, which never synchronises. A sector SFP.
 *
 * `T^(u,y) = sum_i E_ii (x) diag_s(P(u | i, s)) Mess3^y`, state `3 i + s`, token `3 u + y`,
 * `P(u = 1 | i, s) = 1/2 + (delta / 2)(2 i - 1) G_s` and `G = (1 - theta) + theta (1, 0, -1)`.
 *
 * theta = 0 is factored (operator-Schmidt rank 1), above it the rank is 2. `G_s` is how far the mark of state s follows the persona: the
 * mean is `1 - theta`. P(u = 1) = 1/2 and the law of y do not depend on theta; the entropy rate does.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * const process = families.personaMess3({ theta: 0.5 });
 * expect([process.kind, process.alphabet.length, process.stateDim]).toEqual(["sector", 6, 6]);
 * ```
 */
export function personaMess3(options: PersonaMess3Options = {}): SemiFactoredProcess {
  const { theta = 0, delta = 0.5, x = 0.15, a = 0.6 } = options;
  checkRange("personaMess3", "theta", theta, 0, 1);
  checkRange("personaMess3", "delta", delta, 0, 1);
  checkRange("personaMess3", "x", x, 0, 0.5);
  checkRange("personaMess3", "a", a, 0, 1);
  const capability = mess3({ x, a });
  const operators = [0, 1].flatMap((u) =>
    capability.alphabet.map((_, y) => {
      const step = capability.operator(y);
      return [0, 1].flatMap((i) =>
        BEND.map((bend, s) => {
          const one = 1 / 2 + (delta / 2) * (2 * i - 1) * (1 - theta + theta * bend);
          const row = new Float64Array(6);
          for (let next = 0; next < 3; next++)
            row[3 * i + next] = (u === 1 ? one : 1 - one) * (step[3 * s + next] ?? 0);
          return row;
        }),
      );
    }),
  );
  return semiFactored({
    process: createHmm({
      operators,
      initial: new Array<number>(6).fill(1 / 6),
      alphabet: [0, 1].flatMap((u) => capability.alphabet.map((y) => `${u},${y}`)),
    }),
    structure: tensorStructure({
      factors: [
        { name: "persona", dimension: 2 },
        { name: "capability", dimension: 3 },
      ],
    }),
    blocks: "sectors",
  });
}
