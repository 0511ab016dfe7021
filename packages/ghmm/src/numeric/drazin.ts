import { solveLinearSystem } from "./linear-system.ts";
import { vectorTimesMatrix } from "./matrix.ts";
import { stationaryDistribution } from "./stationary-distribution.ts";

/** Time averages of a finite Markov chain. */
export interface CesaroProjector {
  /** `P1 = lim (1/N) sum_{t<N} W^t`, row-major `[n, n]`: row `i` is the share of time spent in each state after a start in `i`. */
  readonly projector: Float64Array;
  /** Probability of ending in each class after a start in each state, row-major `[n, classes]`. */
  readonly absorption: Float64Array;
}

/** The square block of `matrix` on some states. */
function block(matrix: Float64Array, n: number, states: readonly number[]): Float64Array {
  const size = states.length;
  return Float64Array.from({ length: size * size }, (_, at) => {
    return matrix[(states[Math.floor(at / size)] ?? 0) * n + (states[at % size] ?? 0)] ?? 0;
  });
}

/** `(I - W_tt)^-1 W_tr`, with the columns of each class summed: where every transient state ends. */
function absorptionProbabilities(
  matrix: Float64Array,
  n: number,
  classes: readonly (readonly number[])[],
): Float64Array {
  const count = classes.length;
  const absorption = new Float64Array(n * count);
  const isRecurrent = new Uint8Array(n);
  classes.forEach((members, c) => {
    for (const state of members) {
      isRecurrent[state] = 1;
      absorption[state * count + c] = 1;
    }
  });
  const transient = Array.from({ length: n }, (_, i) => i).filter((i) => isRecurrent[i] !== 1);
  if (transient.length === 0) return absorption;
  const size = transient.length;
  const system = block(matrix, n, transient).map((value, at) => (at % (size + 1) === 0 ? 1 : 0) - value);
  const right = new Float64Array(size * count);
  transient.forEach((state, i) => {
    classes.forEach((members, c) => {
      right[i * count + c] = members.reduce((sum, j) => sum + (matrix[state * n + j] ?? 0), 0);
    });
  });
  const solution = solveLinearSystem(system, size, right);
  transient.forEach((state, i) => {
    absorption.set(solution.subarray(i * count, (i + 1) * count), state * count);
  });
  return absorption;
}

/**
 * The projector on eigenvalue 1 of a stochastic matrix, from its structure: one stationary distribution for each recurrent class,
 * and the probability of ending there. Several classes and any periods are allowed.
 *
 * @param matrix - row-major `[n, n]`, rows sum to 1
 * @param classes - the recurrent classes of its states
 * @throws NotConvergedError if some state reaches no class, or nearly so
 */
export function cesaroProjector(
  matrix: Float64Array,
  n: number,
  classes: readonly (readonly number[])[],
): CesaroProjector {
  const count = classes.length;
  const absorption = absorptionProbabilities(matrix, n, classes);
  const projector = new Float64Array(n * n);
  classes.forEach((members, c) => {
    const pi = stationaryDistribution(block(matrix, n, members), members.length);
    for (let i = 0; i < n; i++) {
      const share = absorption[i * count + c] ?? 0;
      members.forEach((state, k) => {
        projector[i * n + state] = share * (pi[k] ?? 0);
      });
    }
  });
  return { projector, absorption };
}

/**
 * `x (I - W)^D` for one or more row vectors: the Drazin inverse is `(I - W + P1)^-1 - P1`, with `P1` the projector of
 * {@link cesaroProjector}. It is `sum_t x (W^t - P1)`, in the Cesaro sense where `W` has periods.
 *
 * @param rows - row-major `[k, n]`
 * @returns row-major `[k, n]`
 * @throws NotConvergedError if `W` nearly has a further eigenvalue 1
 */
export function timesDrazinInverse(
  rows: Float64Array,
  matrix: Float64Array,
  n: number,
  projector: Float64Array,
): Float64Array {
  const k = rows.length / n;
  // the system of a row vector is the transpose
  const system = new Float64Array(n * n);
  const right = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      system[j * n + i] = (i === j ? 1 : 0) - (matrix[i * n + j] ?? 0) + (projector[i * n + j] ?? 0);
    }
    for (let r = 0; r < k; r++) right[i * k + r] = rows[r * n + i] ?? 0;
  }
  const solution = solveLinearSystem(system, n, right);
  const out = new Float64Array(k * n);
  const average = new Float64Array(n);
  for (let r = 0; r < k; r++) {
    vectorTimesMatrix(rows.subarray(r * n, (r + 1) * n), projector, n, average);
    for (let i = 0; i < n; i++) out[r * n + i] = (solution[i * k + r] ?? 0) - (average[i] ?? 0);
  }
  return out;
}

/** The Drazin inverse `(I - W)^D`, row-major `[n, n]`; see {@link timesDrazinInverse}. */
export function drazinInverse(matrix: Float64Array, n: number, projector: Float64Array): Float64Array {
  const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return timesDrazinInverse(identity, matrix, n, projector);
}
