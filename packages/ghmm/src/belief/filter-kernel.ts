import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { compileFilter } from "./compiled-filter.ts";

/** Arguments of a kernel: tokens `[count, length]`, initial belief `[d]`, and where to write what filterBeliefs returns. */
export interface FilterWork {
  readonly tokens: Int32Array;
  readonly count: number;
  readonly length: number;
  readonly initial: Float64Array;
  readonly beliefs: Float64Array;
  readonly probabilities: Float64Array;
}

/** Filters all sequences; false, with the output half written, when it meets a token that is out of range or impossible. */
export type FilterKernel = (work: FilterWork) => boolean;

/** Tokens of a batch from which on it pays to write a function for the process (a fraction of a millisecond, once). */
export const WORTH_COMPILING = 1024;
/** Entries of all operators together that a kernel copies. */
const LARGEST_COPY = 2 ** 20;

/** Where a filter stopped. */
export interface Obstacle {
  readonly sequence: number;
  /** Within the sequence. */
  readonly position: number;
  /** `undefined` or a number; in the alphabet if the token is impossible, outside of it otherwise. */
  readonly token: number | undefined;
}

/** Filters any process by its method `step`; returns what stopped it, or undefined. */
export function filterByStep(
  process: Process,
  work: Omit<FilterWork, "tokens"> & { readonly tokens: ArrayLike<number> },
): Obstacle | undefined {
  const { stateDim, alphabet } = process;
  const { tokens, count, length, initial, beliefs, probabilities } = work;
  for (let sequence = 0, at = 0; sequence < count; sequence++) {
    let belief = beliefs.subarray(at, at + stateDim);
    belief.set(initial);
    at += stateDim;
    for (let position = 0; position < length; position++, at += stateDim) {
      const token = tokens[sequence * length + position];
      const valid = token !== undefined && Number.isInteger(token) && token >= 0 && token < alphabet.length;
      const next = beliefs.subarray(at, at + stateDim);
      const probability = valid ? process.step(belief, token, next) : 0;
      if (probability === 0) return { sequence, position, token };
      probabilities[sequence * length + position] = probability;
      belief = next;
    }
  }
  return undefined;
}

/** Non-zero entries by token and column: entries `start[x * d + j] .. start[x * d + j + 1]` make component `j` of `b T^x`. */
function listColumns(process: Process) {
  const { stateDim } = process;
  const from: number[] = [];
  const weight: number[] = [];
  const start = new Int32Array(process.alphabet.length * stateDim + 1);
  process.alphabet.forEach((_, token) => {
    const operator = process.operator(token);
    for (let j = 0; j < stateDim; j++) {
      for (let i = 0; i < stateDim; i++) {
        const value = operator[i * stateDim + j] ?? 0;
        if (value === 0) continue;
        from.push(i);
        weight.push(value);
      }
      start[token * stateDim + j + 1] = from.length;
    }
  });
  return { from: Int32Array.from(from), weight: Float64Array.from(weight), start };
}

/** Loops over the non-zero entries: for operators that are too large to write out, and where the host forbids new code. */
export function loopKernel(process: Process): FilterKernel {
  const { stateDim } = process;
  const tokens = process.alphabet.length;
  const { from, weight, start } = listColumns(process);
  const normalizer = process.normalizer.slice();
  return ({ tokens: word, count, length, initial, beliefs, probabilities }) => {
    for (let i = 0, position = 0, at = 0; i < count; i++) {
      beliefs.set(initial, at);
      for (let t = 0; t < length; t++, position++, at += stateDim) {
        const token = word[position] ?? -1;
        if (token < 0 || token >= tokens) return false;
        const next = at + stateDim;
        let probability = 0;
        let k = start[token * stateDim] ?? 0;
        for (let j = 0; j < stateDim; j++) {
          const end = start[token * stateDim + j + 1] ?? 0;
          let sum = 0;
          for (; k < end; k++) sum += (beliefs[at + (from[k] ?? 0)] ?? 0) * (weight[k] ?? 0);
          beliefs[next + j] = sum;
          probability += sum * (normalizer[j] ?? 0);
        }
        if (!(probability > IMPOSSIBLE)) return false;
        const scale = 1 / probability;
        for (let j = next; j < next + stateDim; j++) beliefs[j] = (beliefs[j] ?? 0) * scale;
        probabilities[position] = probability;
      }
      at += stateDim;
    }
    return true;
  };
}

const kernels = new WeakMap<Process, FilterKernel>();

/** The fastest kernel for a process and an amount of work; kept for the next call. */
export function filterKernel(process: Process, tokens: number): FilterKernel {
  const entries = process.alphabet.length * process.stateDim ** 2;
  if (tokens < WORTH_COMPILING || entries > LARGEST_COPY || process.storage === undefined) {
    return (work) => filterByStep(process, work) === undefined;
  }
  let kernel = kernels.get(process);
  if (kernel === undefined) {
    kernel = compileFilter(process) ?? loopKernel(process);
    kernels.set(process, kernel);
  }
  return kernel;
}
