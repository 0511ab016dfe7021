import { createHmm, mess3 } from "@semifactor/ghmm";
import { checkInteger, checkLaw, checkLength, checkRange, checkRanges } from "../_internal/checks.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { evenlySpaced } from "./persona-z1r.ts";

/** Options of {@link personaMess3}. */
export interface PersonaMess3Options {
  /** How much the persona's mark depends on the capability state, 0 (factored) to 1. @defaultValue 0 */
  readonly theta?: number;
  /** Size of the largest mark, 0 to 1: P(u = 1) is 1/2 plus or minus half of it. @defaultValue 0.5 */
  readonly delta?: number;
  /** Number N of personas, 2 to 64. @defaultValue the length of `marks` or `weights`, else 2 */
  readonly personas?: number;
  /** Direction and share of each persona's mark, -1 (aligned) to 1 (misaligned), `[N]`. @defaultValue evenly spaced from -1 to 1 */
  readonly marks?: readonly number[];
  /** Initial weights of the personas, `[N]`. @defaultValue equal weights */
  readonly weights?: readonly number[];
  /** Mess3's transition parameter, 0 to 0.5. @defaultValue 0.15 */
  readonly x?: number;
  /** Mess3's emission parameter, 0 to 1. @defaultValue 0.6 */
  readonly a?: number;
}

/** Direction in which each capability state bends the mark at theta = 1. */
export const BEND = [1, 0, -1] as const;

/** Checks every option and fills in the rest. */
export function personaMess3Parameters(options: PersonaMess3Options): Required<Omit<PersonaMess3Options, "personas">> {
  const { theta = 0, delta = 0.5, x = 0.15, a = 0.6 } = options;
  checkRange("personaMess3", "theta", theta, 0, 1);
  checkRange("personaMess3", "delta", delta, 0, 1);
  checkRange("personaMess3", "x", x, 0, 0.5);
  checkRange("personaMess3", "a", a, 0, 1);
  const { personas = (options.marks ?? options.weights)?.length ?? 2 } = options;
  checkInteger("personaMess3", "the number of personas", personas, 2, 64);
  const { marks = evenlySpaced(-1, 1, personas), weights = new Array<number>(personas).fill(1 / personas) } = options;
  checkLength("personaMess3", "marks", marks, personas);
  checkRanges("personaMess3", "marks", marks, -1, 1);
  checkLength("personaMess3", "weights", weights, personas);
  checkLaw("personaMess3", "weights", weights);
  return { theta, delta, x, a, marks, weights };
}

/**
 * PM: a static persona over a Mess3 capability register, which never synchronises. A sector SFP.
 *
 * `T^(u,y) = sum_i E_ii (x) diag_s(P(u | i, s)) Mess3^y`, state `3 i + s`, token `3 u + y`, `P(u = 1 | i, s) = 1/2 + (delta / 2)
 * m_i G_s` and `G = (1 - theta) + theta (1, 0, -1)`. The marks `m_i` are `-1, 1` for two personas and evenly spaced from -1 to 1
 * for N of them, `m_i = 2 i / (N - 1) - 1`.
 *
 * theta = 0 is factored (operator-Schmidt rank 1), above it the rank is 2. `G_s` is how far the mark of state s follows the persona: the
 * mean is `1 - theta`. P(u = 1) = 1/2 (while `sum_i weights_i m_i = 0`) and the law of y do not depend on theta; the entropy rate does.
 *
 * @throws InvalidArgumentError if an option is out of range; ShapeError if a list has not one entry for each persona; NotNormalizedError
 * if the weights do not sum to one
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * const process = families.personaMess3({ theta: 0.5 });
 * expect([process.kind, process.alphabet.length, process.stateDim]).toEqual(["sector", 6, 6]);
 * ```
 */
export function personaMess3(options: PersonaMess3Options = {}): SemiFactoredProcess {
  const { theta, delta, x, a, marks, weights } = personaMess3Parameters(options);
  const personas = marks.length;
  const capability = mess3({ x, a });
  const operators = [0, 1].flatMap((u) =>
    capability.alphabet.map((_, y) => {
      const step = capability.operator(y);
      return marks.flatMap((mark, i) =>
        BEND.map((bend, s) => {
          const one = 1 / 2 + (delta / 2) * mark * (1 - theta + theta * bend);
          const row = new Float64Array(3 * personas);
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
      initial: weights.flatMap((weight) => [weight / 3, weight / 3, weight / 3]),
      alphabet: [0, 1].flatMap((u) => capability.alphabet.map((y) => `${u},${y}`)),
    }),
    structure: tensorStructure({
      factors: [
        { name: "persona", dimension: personas },
        { name: "capability", dimension: 3 },
      ],
    }),
    blocks: "sectors",
    tokenSizes: [2, 3],
  });
}
