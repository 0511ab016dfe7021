import { allocate } from "../numeric/allocate.ts";
import { ZeroProbabilityError } from "../numeric/errors.ts";
import { matrixTimesVector } from "../numeric/matrix.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { readTokens } from "./_internal/read-tokens.ts";

/** What {@link backwardVectors} returns. */
export interface BackwardVectors {
  /** `T^{x_{t+1}} ... T^{x_L} w` over `e^{logScales[t]}`, row-major `[length + 1, d]`; the largest entry of a row is 1 in size. */
  readonly vectors: Float64Array;
  /** `[length + 1]`, in nats. */
  readonly logScales: Float64Array;
  readonly length: number;
  readonly stateDim: number;
}

/**
 * The scaled backward vectors of a word, `T^{x_{t+1}} ... T^{x_L} w` for `t = 0 .. L`: what a belief before each token says about
 * the rest of the word, `P(x_{t+1} .. x_L | b) = b . vectors[t] e^{logScales[t]}`.
 *
 * Needs no hidden states: any process has them, also a signed one. A product that cancels to 1e-12 of its size counts as zero.
 *
 * @param word - tokens `[L]`
 * @throws InvalidArgumentError if a token is out of range
 * @throws ZeroProbabilityError if no state can emit the rest of the word; it names the token where that shows
 * @throws UnsupportedError if the vectors do not fit into memory
 * @example
 * ```ts
 * import { backwardVectors, beliefState, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const process = zeroOneRandom({ p: 0.5 });
 * const { vectors, logScales } = backwardVectors(process, [1, 0, 0]);
 * const belief = beliefState(process, [1]);
 * const rest = vectors.subarray(3, 6).reduce((sum, value, s) => sum + value * (belief[s] ?? NaN), 0);
 * expect(rest * Math.exp(logScales[1] ?? NaN)).toBeCloseTo(1 / 3, 14); // P(00 | 1) = P(100) / P(1)
 * ```
 */
export function backwardVectors(process: Process, word: ArrayLike<number>): BackwardVectors {
  return scaledBackward("backwardVectors", process, word, operatorsOf(process));
}

/** The operators of a process with the largest absolute row sum of each. */
export interface MeasuredOperators {
  readonly matrices: readonly Float64Array[];
  readonly norms: readonly number[];
}

/** Copies the operators of a process and measures them. */
export function operatorsOf(process: Process): MeasuredOperators {
  const { stateDim } = process;
  const matrices = process.alphabet.map((_, x) => process.operator(x));
  const ones = new Float64Array(stateDim).fill(1);
  const norms = matrices.map((matrix) =>
    matrixTimesVector(matrix.map(Math.abs), ones).reduce((a, b) => Math.max(a, b), 0),
  );
  return { matrices, norms };
}

/** {@link backwardVectors} for a caller with its own name and the operators at hand. */
export function scaledBackward(
  source: string,
  process: Process,
  word: ArrayLike<number>,
  { matrices, norms }: MeasuredOperators,
): BackwardVectors {
  const { stateDim: d } = process;
  const tokens = readTokens(source, process, word);
  const length = tokens.length;
  const vectors = allocate(source, Float64Array, (length + 1) * d);
  const logScales = allocate(source, Float64Array, length + 1);
  let current = process.normalizer;
  for (let t = length, logScale = 0, norm = 0; t >= 0; t--) {
    if (t < length) {
      const token = tokens[t] ?? 0;
      current = matrixTimesVector(matrices[token] ?? current, current);
      norm = norms[token] ?? 0;
    }
    let largest = 0;
    for (let s = 0; s < d; s++) largest = Math.max(largest, Math.abs(current[s] ?? 0));
    if (t < length && !(largest > IMPOSSIBLE * norm)) {
      throw new ZeroProbabilityError({
        source,
        problem: `no state can emit the tokens from position ${t} on`,
        remedy: "Condition on words the process can emit; wordProbability tells which",
        position: t,
        token: tokens[t] ?? 0,
      });
    }
    logScale += Math.log(largest);
    current = current.map((value) => value / largest);
    vectors.set(current, t * d);
    logScales[t] = logScale;
  }
  return { vectors, logScales, length, stateDim: d };
}
