import { InvalidArgumentError, type Process } from "@semifactor/ghmm";
import { multiply } from "@semifactor/ghmm/internal";
import { checkFinite, checkLength } from "../_internal/checks.ts";
import type { Partition } from "./partition.ts";

/** The largest entry of the commutators `P T^x - T^x P`, and where it stands. */
export interface CommutatorDefect {
  /** `max |P T^x - T^x P|` over tokens and entries: 0 if and only if `P` commutes with every operator. */
  readonly defect: number;
  /** Token x of the largest entry. */
  readonly token: number;
  readonly row: number;
  readonly column: number;
}

/** The operator of a token: of a process that nothing checked when it was made, too, so NaN is not taken for "no larger than". */
function finiteOperator(source: string, process: Process, token: number): Float64Array {
  const { stateDim, alphabet } = process;
  const operator = process.operator(token);
  const name = `the operator of token ${token} (${JSON.stringify(alphabet[token])})`;
  checkLength(source, name, operator, stateDim * stateDim);
  const at = operator.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return operator;
  throw new InvalidArgumentError({
    source,
    problem: `entry [${Math.floor(at / stateDim)}, ${at % stateDim}] of ${name} is ${operator[at]}`,
    remedy: "Give a process with finite operators",
  });
}

/** Largest entry of `P P - P`, relative to the size of `P P`, that counts as rounding. */
const IDEMPOTENT = 1e-6;

function checkIdempotent(source: string, projector: Float64Array, d: number): void {
  const square = multiply(projector, projector, d);
  const largest = projector.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  const at = square.findIndex((value, i) => !(Math.abs(value - (projector[i] ?? 0)) <= IDEMPOTENT * largest * largest));
  if (at < 0) return;
  throw new InvalidArgumentError({
    source,
    problem: `the projector is not idempotent: entry [${Math.floor(at / d)}, ${at % d}] is ${projector[at]}, and ${square[at]} in its square`,
    remedy:
      "Give P with P P = P, such as a projector that findBlocks returns or one with a one for each state of a block",
  });
}

/**
 * How far a projector is from commuting with the operators of a process: `max_x |P T^x - T^x P|`.
 *
 * Test the commutator, not only conservation by the net operator: `T P w = P w` implies it for coordinate projectors of an HMM, but not
 * for oblique projectors or signed operators (T16).
 *
 * @param projector - row-major `[d, d]`
 * @throws ShapeError if the projector or an operator is not `[d, d]`; InvalidArgumentError if an entry of either is not finite, or the
 * projector is not idempotent
 * @example
 * ```ts
 * import { createHmm } from "@semifactor/ghmm";
 * import { commutatorDefect } from "@semifactor/sfp";
 *
 * const coins = createHmm({ operators: [[[0.2, 0], [0, 0.8]], [[0.8, 0], [0, 0.2]]], initial: [0.5, 0.5] });
 * expect(commutatorDefect(coins, [1, 0, 0, 0]).defect).toBe(0);
 * expect(commutatorDefect(coins, [1, 0, 0.5, 0]).defect).toBeCloseTo(0.3, 12); // conserved on average, not by each token
 * ```
 */
export function commutatorDefect(process: Process, projector: ArrayLike<number>): CommutatorDefect {
  const { stateDim } = process;
  checkLength("commutatorDefect", "projector", projector, stateDim * stateDim);
  checkFinite("commutatorDefect", "projector", projector);
  checkIdempotent("commutatorDefect", Float64Array.from(projector), stateDim);
  let worst: CommutatorDefect = { defect: 0, token: 0, row: 0, column: 0 };
  process.alphabet.forEach((_, token) => {
    const operator = finiteOperator("commutatorDefect", process, token);
    for (let row = 0; row < stateDim; row++) {
      for (let column = 0; column < stateDim; column++) {
        let entry = 0;
        for (let k = 0; k < stateDim; k++) {
          entry += (projector[row * stateDim + k] ?? 0) * (operator[k * stateDim + column] ?? 0);
          entry -= (operator[row * stateDim + k] ?? 0) * (projector[k * stateDim + column] ?? 0);
        }
        if (Math.abs(entry) > worst.defect) worst = { defect: Math.abs(entry), token, row, column };
      }
    }
  });
  return worst;
}

/**
 * The same for all blocks of a partition at once. `P_beta T^x - T^x P_beta` has the entries of `T^x` that join beta with its
 * complement, so the largest over all blocks is the largest entry between two blocks.
 */
export function partitionDefect(source: string, process: Process, { blockOf }: Partition): CommutatorDefect {
  const { stateDim } = process;
  let worst: CommutatorDefect = { defect: 0, token: 0, row: 0, column: 0 };
  process.alphabet.forEach((_, token) => {
    const operator = finiteOperator(source, process, token);
    for (let row = 0; row < stateDim; row++) {
      for (let column = 0; column < stateDim; column++) {
        const entry = Math.abs(operator[row * stateDim + column] ?? 0);
        if (entry > worst.defect && blockOf[row] !== blockOf[column]) worst = { defect: entry, token, row, column };
      }
    }
  });
  return worst;
}
