import { InvalidArgumentError, type Process } from "@semifactor/ghmm";
import { largestDifference, multiply, operatorsOf, scaleOf } from "@semifactor/ghmm/internal";
import { checkFinite, checkInteger, checkLength } from "../../_internal/checks.ts";

const SOURCE = "checkTheorem";

/** Throws unless `projector` is an idempotent `[d, d]`, up to rounding. */
export function checkProjector(process: Process, projector: ArrayLike<number>, name = "projector"): void {
  const { stateDim } = process;
  checkLength(SOURCE, name, projector, stateDim * stateDim);
  checkFinite(SOURCE, name, projector);
  const p = Float64Array.from(projector);
  const defect = largestDifference(multiply(p, p, stateDim), p);
  if (defect <= 1e-9 * scaleOf(p) ** 2) return;
  throw new InvalidArgumentError({
    source: SOURCE,
    problem: `${name} is not idempotent: P^2 differs from P by ${defect}`,
    remedy: "Give a projector, P P = P",
  });
}

/** The coordinate projector onto some states, row-major `[d, d]`. */
export function coordinateProjector(stateDim: number, states: readonly number[]): Float64Array {
  const projector = new Float64Array(stateDim * stateDim);
  for (const state of states) {
    checkInteger(SOURCE, "a state of a block", state, 0, stateDim - 1);
    projector[state * stateDim + state] = 1;
  }
  return projector;
}

/**
 * Block of every state, `[d]`.
 *
 * @throws InvalidArgumentError if a state is in no block or in two, or there is one block only
 */
export function blockIndex(stateDim: number, blocks: readonly (readonly number[])[]): Int32Array {
  const blockOf = new Int32Array(stateDim).fill(-1);
  let repeated: number | undefined;
  blocks.forEach((states, beta) => {
    for (const state of states) {
      checkInteger(SOURCE, `a state of block ${beta}`, state, 0, stateDim - 1);
      if (blockOf[state] !== -1) repeated ??= state;
      blockOf[state] = beta;
    }
  });
  const missing = blockOf.indexOf(-1);
  const problem =
    repeated !== undefined
      ? `state ${repeated} is in two blocks`
      : missing !== -1
        ? `state ${missing} is in no block`
        : blocks.length < 2
          ? "there is only one block"
          : undefined;
  if (problem === undefined) return blockOf;
  throw new InvalidArgumentError({ source: SOURCE, problem, remedy: "Put every state in one of two or more blocks" });
}

/** Whether no operator joins two blocks by more than rounding. */
export function areInvariant(process: Process, blocks: readonly (readonly number[])[]): boolean {
  const { stateDim } = process;
  const blockOf = blockIndex(stateDim, blocks);
  return operatorsOf(process).every((operator) =>
    operator.every(
      (value, i) => Math.abs(value) <= 1e-12 || blockOf[Math.floor(i / stateDim)] === blockOf[i % stateDim],
    ),
  );
}
