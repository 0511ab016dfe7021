import { NotConvergedError } from "./errors.ts";

/** Long-run behaviour of a finite Markov chain; see {@link solveMarkovChain}. */
export interface MarkovChain {
  /** `x P1` for a row vector: where the chain spends its time after a start `x`, `[n]`. */
  timeAverage(start: ArrayLike<number>): Float64Array;
  /** `P1 v` for a column vector: the time average of `v` after a start in each state, `[n]`. */
  mean(values: ArrayLike<number>): Float64Array;
  /**
   * `(I - W)^D v` for a column vector, `[n]`: by how much the sum of `v` along the chain exceeds its time average, from each state.
   * It is `sum_t (W^t - P1) v`, in the sense of Abel where `W` has periods.
   */
  deviation(values: ArrayLike<number>): Float64Array;
}

/** A state that was taken out of the chain, and those that were still in it. */
interface Elimination {
  readonly state: number;
  readonly others: Uint32Array;
  /** Probability of leaving the state in one step. */
  readonly leave: number;
}

/**
 * Takes states out of a chain one by one: the others then move as the chain does when it is watched outside of that state. Row
 * `k` becomes the probabilities of the state that follows `k`; column `k` stays what led to it then.
 */
function eliminate(w: Float64Array, n: number, states: readonly number[], kept: readonly number[]): Elimination[] {
  return states.map((k, position) => {
    const others = Uint32Array.from([...states.slice(position + 1), ...kept]);
    let leave = 0;
    for (const j of others) leave += w[k * n + j] ?? 0;
    if (!(leave > 0)) {
      throw new NotConvergedError({
        source: "solveMarkovChain",
        problem: `no recurrent class is reached from state ${k} of ${n}`,
        remedy: "Check whether the process nearly falls apart into blocks",
      });
    }
    for (const j of others) w[k * n + j] = (w[k * n + j] ?? 0) / leave;
    for (const i of others) {
      const into = w[i * n + k] ?? 0;
      if (into === 0) continue;
      for (const j of others) w[i * n + j] = (w[i * n + j] ?? 0) + into * (w[k * n + j] ?? 0);
    }
    return { state: k, others, leave };
  });
}

/** The stationary distribution of a class, zero elsewhere: from the last state that was taken out to the first. */
function stationary(w: Float64Array, n: number, root: number, eliminated: readonly Elimination[]): Float64Array {
  const pi = new Float64Array(n);
  pi[root] = 1;
  let total = 1;
  for (const { state, others, leave } of eliminated.toReversed()) {
    let sum = 0;
    for (const i of others) sum += (pi[i] ?? 0) * (w[i * n + state] ?? 0);
    pi[state] = sum / leave;
    total += sum / leave;
  }
  return pi.map((value) => value / total);
}

/**
 * Solves a Markov chain once, for its time averages and its Drazin inverse `(I - W)^D = (I - W + P1)^-1 - P1`, with `P1` the
 * projector on eigenvalue 1. Several recurrent classes and any periods are allowed.
 *
 * By the elimination of Grassmann, Taksar and Heyman, transient states first: no subtractions and no diagonal entries, so that
 * time averages have full relative precision however seldom the chain moves from one part to another. A deviation is as precise
 * as the rounding of its largest entry.
 *
 * @param matrix - row-major `[n, n]`, rows sum to 1, not changed
 * @param classes - the recurrent classes of its states
 * @throws NotConvergedError if some state reaches no class
 */
export function solveMarkovChain(
  matrix: Float64Array,
  n: number,
  classes: readonly (readonly number[])[],
): MarkovChain {
  const w = matrix.slice();
  const isRecurrent = new Uint8Array(n);
  for (const members of classes) for (const state of members) isRecurrent[state] = 1;
  const all = Array.from({ length: n }, (_, i) => i);
  const transient = eliminate(
    w,
    n,
    all.filter((i) => isRecurrent[i] !== 1),
    all.filter((i) => isRecurrent[i] === 1),
  );
  const parts = classes.map((members) => {
    const [root = 0, ...rest] = members;
    const eliminated = eliminate(w, n, rest, [root]);
    return { members, eliminated, pi: stationary(w, n, root, eliminated) };
  });
  const average = (pi: Float64Array, values: ArrayLike<number>): number =>
    pi.reduce((sum, weight, i) => (weight === 0 ? sum : sum + weight * (values[i] ?? 0)), 0);
  /** The mean over what follows a state. */
  const ahead = ({ state, others }: Elimination, values: Float64Array): number => {
    let sum = 0;
    for (const j of others) sum += (w[state * n + j] ?? 0) * (values[j] ?? 0);
    return sum;
  };

  const timeAverage = (start: ArrayLike<number>): Float64Array => {
    const mass = Float64Array.from(start);
    for (const { state, others } of transient) {
      const share = mass[state] ?? 0;
      if (share !== 0) for (const j of others) mass[j] = (mass[j] ?? 0) + share * (w[state * n + j] ?? 0);
    }
    const out = new Float64Array(n);
    for (const { members, pi } of parts) {
      const share = members.reduce((sum, state) => sum + (mass[state] ?? 0), 0);
      for (const state of members) out[state] = share * (pi[state] ?? 0);
    }
    return out;
  };
  const mean = (values: ArrayLike<number>): Float64Array => {
    const out = new Float64Array(n);
    for (const { members, pi } of parts) {
      const value = average(pi, values);
      for (const state of members) out[state] = value;
    }
    for (const step of transient.toReversed()) out[step.state] = ahead(step, out);
    return out;
  };
  const deviation = (values: ArrayLike<number>): Float64Array => {
    const rest = mean(values).map((value, i) => (values[i] ?? 0) - value);
    const order = [...transient, ...parts.flatMap(({ eliminated }) => eliminated)];
    for (const { state, others, leave } of order) {
      const value = (rest[state] ?? 0) / leave;
      rest[state] = value;
      for (const i of others) rest[i] = (rest[i] ?? 0) + (w[i * n + state] ?? 0) * value;
    }
    for (const { members } of parts) rest[members[0] ?? 0] = 0;
    for (const step of order.toReversed()) rest[step.state] = (rest[step.state] ?? 0) + ahead(step, rest);
    return mean(rest).map((value, i) => (rest[i] ?? 0) - value);
  };
  return { timeAverage, mean, deviation };
}
