import { NotNormalizedError, ShapeError } from "../numeric/errors.ts";
import { HMM_CERTIFICATE, type Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { checkList, checkNonNegative, readAlphabet, readVector, TOLERANCE } from "../process/validate.ts";

/** An HMM whose states emit, as most libraries write it: `startprob_`, `transmat_` and `emissionprob_` of hmmlearn. */
export interface EmissionModel {
  /** Distribution of the first emitting state, `[K]`. */
  readonly initial: ArrayLike<number>;
  /** `P(z' | z)`, `[K][K]`, rows sum to 1. */
  readonly transition: readonly ArrayLike<number>[];
  /** `P(x | z)`, `[K][V]`, rows sum to 1. */
  readonly emission: readonly ArrayLike<number>[];
  /** Names of the tokens; "0", "1", ... by default. */
  readonly alphabet?: readonly string[];
}

function readRows(source: string, name: string, rows: readonly ArrayLike<number>[], columns: number): Float64Array[] {
  return Array.from(rows, (row, z) => readDistribution(source, `${name}[${z}]`, row, columns));
}

function readDistribution(source: string, name: string, values: ArrayLike<number>, size: number): Float64Array {
  const vector = readVector(source, name, values, size);
  checkNonNegative(source, (i) => `${name}[${i}]`, vector);
  const sum = vector.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) <= TOLERANCE) return vector;
  throw new NotNormalizedError({ source, problem: `${name} sums to ${sum}`, remedy: "Divide it by its sum" });
}

/**
 * The HMM of a model whose states emit (Moore), as a process that emits on transitions (Mealy).
 *
 * A start state, the last one, `K`, comes before the first token: `T^x[K][z] = initial[z] emission[z][x]` and
 * `T^x[z][z'] = transition[z][z'] emission[z'][x]`, so each token is emitted by the state it leads to. The emitting state of the
 * `t`-th token (counted from 1) is then `S_t`: rows `1 .. L` of {@link forwardBackward} and entries `1 .. L` of
 * {@link viterbi} are hmmlearn's posteriors and path, entry 0 is the start state, and word and path probabilities are equal.
 *
 * @throws ShapeError if the sizes do not fit
 * @throws InvalidArgumentError if a number is negative or not finite, or a token's name is empty or repeated
 * @throws NotNormalizedError if `initial` or a row does not sum to 1
 * @example
 * ```ts
 * import { hmmFromEmissions, viterbi } from "@semifactor/ghmm";
 *
 * const process = hmmFromEmissions({
 *   initial: [0.6, 0.4],
 *   transition: [[0.7, 0.3], [0.4, 0.6]],
 *   emission: [[0.1, 0.4, 0.5], [0.6, 0.3, 0.1]],
 * });
 * const { states, logProbability } = viterbi(process, [0, 1, 2]);
 * expect(Array.from(states)).toEqual([2, 1, 0, 0]);
 * expect(Math.exp(logProbability)).toBeCloseTo(0.01344, 12);
 * ```
 */
export function hmmFromEmissions(model: EmissionModel): Process {
  const source = "hmmFromEmissions";
  checkList(source, "transition", model.transition);
  checkList(source, "emission", model.emission);
  const states = model.transition.length;
  const size = model.emission[0]?.length ?? 0;
  if (states === 0 || size === 0 || model.emission.length !== states) {
    throw new ShapeError({
      source,
      problem: `transition has ${states} rows, emission has ${model.emission.length} rows of ${size} entries`,
      remedy: "Give both one row per state, and at least one state and one token",
    });
  }
  const rows = [
    ...readRows(source, "transition", model.transition, states),
    readDistribution(source, "initial", model.initial, states),
  ];
  const emission = readRows(source, "emission", model.emission, size);
  const d = states + 1;
  const operators = Array.from({ length: size }, (_, x) => {
    const operator = new Float64Array(d * d);
    rows.forEach((row, s) => {
      row.forEach((probability, z) => {
        operator[s * d + z] = probability * (emission[z]?.[x] ?? 0);
      });
    });
    return operator;
  });
  const initial = new Float64Array(d);
  initial[states] = 1;
  const alphabet = readAlphabet(source, size, model.alphabet);
  return storeProcess({
    operators,
    initial,
    normalizer: new Float64Array(d).fill(1),
    alphabet,
    certificate: HMM_CERTIFICATE,
  });
}
