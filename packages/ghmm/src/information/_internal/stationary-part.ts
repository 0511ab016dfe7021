import { nullSpace } from "../../numeric/decompose.ts";
import { NonUniqueStationaryStateError } from "../../numeric/errors.ts";
import { solveLinearSystem } from "../../numeric/linear-system.ts";
import { dot, multiply, vectorTimesMatrix } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";
import { netOperator } from "../../process/validate.ts";

/** Largest change in one step of a state that counts as stationary. */
const STATIONARY = 1e-10;

const net = (process: Process): Float64Array =>
  netOperator(
    process.alphabet.map((_, token) => process.operator(token)),
    process.stateDim,
  );

/** Whether one step leaves the initial state where it is, `eta0 T = eta0`. */
export function isStationary(process: Process): boolean {
  const after = new Float64Array(process.stateDim);
  vectorTimesMatrix(process.initial, net(process), process.stateDim, after);
  const size = process.initial.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  return after.every((value, s) => Math.abs(value - (process.initial[s] ?? 0)) <= STATIONARY * size);
}

/** `m - I`, transposed on request. */
function minusIdentity(m: Float64Array, n: number, transpose: boolean): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (m[transpose ? j * n + i : at] ?? 0) - (i === j ? 1 : 0);
  });
}

/**
 * The time average of the initial state, `lim (1/N) sum_{t<N} eta0 T^t`: the initial state itself if that is stationary, otherwise
 * its projection `eta0 R (L R)^-1 L` on the left fixed vectors `L` of the net operator, along its right ones `R`.
 *
 * @throws NonUniqueStationaryStateError if eigenvalue 1 of the net operator has no such projection
 */
export function stationaryPart(source: string, process: Process): Float64Array {
  if (isStationary(process)) return process.initial;
  const [matrix, d] = [net(process), process.stateDim];
  const left = nullSpace(minusIdentity(matrix, d, true), d, 1e-9);
  const right = nullSpace(minusIdentity(matrix, d, false), d, 1e-9);
  const n = left.length;
  if (n === 0 || n !== right.length) {
    throw new NonUniqueStationaryStateError({
      source,
      problem: `the net operator has ${n} left and ${right.length} right fixed vectors`,
      remedy: "Give the process a stationary initial state",
      dimension: n,
    });
  }
  const overlaps = Float64Array.from({ length: n * n }, (_, at) =>
    // the transpose of L R, for a row vector on its left
    dot(left[at % n] ?? [], right[Math.floor(at / n)] ?? []),
  );
  const weights = solveLinearSystem(
    overlaps,
    n,
    right.map((vector) => dot(process.initial, vector)),
  );
  const flat = Float64Array.from({ length: n * d }, (_, at) => left[Math.floor(at / d)]?.[at % d] ?? 0);
  const average = multiply(weights, flat, n);
  const norm = dot(average, process.normalizer);
  // rounding may leave tiny negative probabilities in an HMM
  const clean = process.certificate.kind === "hmm" ? average.map((value) => Math.max(0, value)) : average;
  return clean.map((value) => value / norm);
}
