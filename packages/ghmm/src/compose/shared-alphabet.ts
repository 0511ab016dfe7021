import { NotNormalizedError, ShapeError } from "../numeric/errors.ts";
import { kronecker, kroneckerVector, matrixTimesVector } from "../numeric/matrix.ts";
import { certifyBySigns } from "../process/certificate.ts";
import type { Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { checkInitialNorm, type Operators, readOperators, readVector, TOLERANCE } from "../process/validate.ts";
import { compositeCertificate } from "./_internal/composite-certificate.ts";
import { checkWrittenSize, operatorsOf } from "./_internal/written-out.ts";

/** A factor that reads tokens: it moves by `operators[x]` when the token is `x`, whatever makes the tokens. */
export interface DrivenFactor {
  /** `operators[x][s][s']`, `[V, d, d]`; with rows that sum to one where the factor only moves. */
  readonly operators: Operators;
  /** Initial state, `[d]`. */
  readonly initial: ArrayLike<number>;
  /** Normalizer, `[d]`; all ones by default. */
  readonly normalizer?: ArrayLike<number>;
}

type Factor = Pick<Process, "initial" | "normalizer"> & {
  readonly operators: readonly Float64Array[];
  readonly process: Process;
};

function read(source: string, factor: Process | DrivenFactor): Factor {
  // a process of the caller's own may well have a field called operators
  if ("step" in factor) {
    const { initial, normalizer } = factor;
    return { operators: operatorsOf(source, factor), initial, normalizer, process: factor };
  }
  const operators = readOperators(source, factor.operators);
  const d = factor.operators[0]?.length ?? 0;
  const normalizer = readVector(source, "normalizer", factor.normalizer ?? new Array<number>(d).fill(1), d);
  const initial = readVector(source, "initial", factor.initial, d);
  checkInitialNorm(source, initial, normalizer);
  const alphabet = operators.map((_, x) => String(x));
  const certificate = certifyBySigns(operators, initial, normalizer);
  // as a holder of the certificate only: its operators do not add up to those of a process
  const unproved = { kind: "unchecked", wordLength: 0, smallestProbability: 1 } as const;
  const process = storeProcess({ operators, initial, normalizer, alphabet, certificate: certificate ?? unproved });
  return { operators, initial, normalizer, process };
}

/** Largest entry of `sum_x (A^x wA) (x) (C^x wC) - wA (x) wC`, relative to the largest of `wA (x) wC`. */
function defectOf(a: Factor, c: Factor, normalizer: Float64Array): number {
  const sum = new Float64Array(normalizer.length);
  a.operators.forEach((operator, x) => {
    const own = matrixTimesVector(operator, a.normalizer);
    const other = matrixTimesVector(c.operators[x] ?? new Float64Array(0), c.normalizer);
    kroneckerVector(own, other).forEach((value, s) => {
      sum[s] = (sum[s] ?? 0) + value;
    });
  });
  const largest = normalizer.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return sum.reduce((max, value, s) => Math.max(max, Math.abs(value - (normalizer[s] ?? 0))), 0) / largest;
}

/**
 * Two factors that read the same tokens: `T^x = A^x (x) C^x`.
 *
 * This is a process only if the probabilities of the tokens still sum to one, `sum_x (A^x wA) (x) (C^x wC) = wA (x) wC`, which is checked.
 * Two processes that both choose tokens at random do not satisfy it; a process and a {@link DrivenFactor} whose rows sum to one
 * for every token do: the factor is then a memory that the tokens drive.
 *
 * @throws NotNormalizedError if the condition fails; the message has the defect
 * @throws ShapeError if the factors have different numbers of tokens
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { coin, sharedAlphabet, wordProbability } from "@semifactor/ghmm";
 *
 * // Remembers the parity of the tosses that came up 1.
 * const parity = { operators: [[[1, 0], [0, 1]], [[0, 1], [1, 0]]], initial: [1, 0] };
 * const joint = sharedAlphabet(coin({ p: 0.7 }), parity);
 * expect(joint.stateDim).toBe(2);
 * expect(wordProbability(joint, [1, 1])).toBeCloseTo(0.09, 14);
 * expect(() => sharedAlphabet(coin({ p: 0.7 }), coin({ p: 0.7 }))).toThrow("defect");
 * ```
 */
export function sharedAlphabet(first: Process, second: Process | DrivenFactor): Process {
  const source = "sharedAlphabet";
  const [a, c] = [read(source, first), read(source, second)];
  if (a.operators.length !== c.operators.length) {
    throw new ShapeError({
      source,
      problem: `the factors have ${a.operators.length} and ${c.operators.length} tokens`,
      remedy: "Give factors over the same alphabet",
    });
  }
  const [dA, dC] = [a.initial.length, c.initial.length];
  checkWrittenSize(source, a.operators.length, dA * dC);
  const normalizer = kroneckerVector(a.normalizer, c.normalizer);
  const defect = defectOf(a, c, normalizer);
  if (!(defect <= TOLERANCE)) {
    throw new NotNormalizedError({
      source,
      problem: `sum_x (A^x wA) (x) (C^x wC) differs from wA (x) wC: the defect is ${defect}`,
      remedy: "Let one factor choose the token and the other only move; tensorProduct joins independent processes",
    });
  }
  const parts = {
    operators: a.operators.map((operator, x) => kronecker(operator, dA, c.operators[x] ?? operator, dC)),
    initial: kroneckerVector(a.initial, c.initial),
    normalizer,
    alphabet: first.alphabet,
  };
  const certificate = compositeCertificate(source, [[a.process], [c.process]], parts);
  return storeProcess({ ...parts, certificate });
}
