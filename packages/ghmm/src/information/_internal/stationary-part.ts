import { nullSpace } from "../../numeric/decompose.ts";
import { NonUniqueStationaryStateError } from "../../numeric/errors.ts";
import { solveLinearSystem } from "../../numeric/linear-system.ts";
import { solveMarkovChain } from "../../numeric/markov-chain.ts";
import { dot, multiply, vectorTimesMatrix } from "../../numeric/matrix.ts";
import { recurrentClasses } from "../../numeric/recurrent-classes.ts";
import { IMPOSSIBLE, type Process } from "../../process/process.ts";
import { netOperator } from "../../process/validate.ts";

/** Largest change in one step of a state that counts as stationary. */
const STATIONARY = 1e-10;

const net = (process: Process): Float64Array =>
  netOperator(
    process.alphabet.map((_, token) => process.operator(token)),
    process.stateDim,
  );

/** Largest difference of an initial state to its time average that is the rounding of a fixed vector. */
const ROUNDING = 1e-6;

const averages = new WeakMap<Process, Float64Array>();

/**
 * The time average of the initial state of an HMM, from the chain of its hidden states: one that is seldom left changes little in
 * one step and a lot in the long run.
 */
function hiddenAverage(process: Process): Float64Array {
  const known = averages.get(process);
  if (known !== undefined) return known;
  const [matrix, d] = [net(process), process.stateDim];
  const steps: { readonly from: number; readonly to: number }[] = [];
  for (let at = 0; at < d * d; at++) {
    if ((matrix[at] ?? 0) > IMPOSSIBLE) steps.push({ from: Math.floor(at / d), to: at % d });
    else matrix[at] = 0;
  }
  const { classes } = recurrentClasses(new Array<boolean>(d).fill(true), steps);
  const average = solveMarkovChain(matrix, d, classes).timeAverage(process.initial);
  averages.set(process, average);
  return average;
}

const areClose = (a: Float64Array, b: Float64Array, tolerance: number): boolean =>
  a.every((value, i) => Math.abs(value - (b[i] ?? 0)) <= tolerance);

/**
 * Whether the initial state stays where it is, `eta0 T = eta0`: after one step, and in an HMM in the long run too, where that may be
 * another thing.
 */
export function isStationary(process: Process): boolean {
  const after = new Float64Array(process.stateDim);
  vectorTimesMatrix(process.initial, net(process), process.stateDim, after);
  const size = process.initial.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  if (!areClose(after, process.initial, STATIONARY * size)) return false;
  return process.certificate.kind !== "hmm" || areClose(hiddenAverage(process), process.initial, ROUNDING);
}

/** `m - I`, transposed on request. */
function minusIdentity(m: Float64Array, n: number, transpose: boolean): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (m[transpose ? j * n + i : at] ?? 0) - (i === j ? 1 : 0);
  });
}

/**
 * The time average of the initial state, `lim (1/N) sum_{t<N} eta0 T^t`: the initial state itself if that is stationary. Of an HMM
 * it is that of the chain of hidden states, otherwise the projection `eta0 R (L R)^-1 L` on the left fixed vectors `L` of the net
 * operator, along its right ones `R`.
 *
 * @throws NonUniqueStationaryStateError if eigenvalue 1 of the net operator has no such projection
 */
export function stationaryPart(source: string, process: Process): Float64Array {
  if (process.certificate.kind === "hmm") {
    const average = hiddenAverage(process);
    return areClose(average, process.initial, STATIONARY) ? process.initial : average;
  }
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
  return average.map((value) => value / norm);
}
