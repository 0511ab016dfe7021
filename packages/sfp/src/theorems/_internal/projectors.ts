import { InvalidArgumentError, type Process } from "@semifactor/ghmm";
import { largestDifference, multiply, scaleOf } from "@semifactor/ghmm/internal";
import { checkFinite, checkLength } from "../../_internal/checks.ts";

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
  for (const state of states) projector[state * stateDim + state] = 1;
  return projector;
}
