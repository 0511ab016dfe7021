import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { compileFilter } from "./compiled-filter.ts";
import type { FilterKernel, FilterWork } from "./filter-work.ts";

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

/**
 * Operators in panels of four columns: panel `q` of token `x` has the rows `start[p] .. start[p + 1]`, `p = x * panels + q`, which
 * are not zero in all four columns; row `e` comes from state `from[e]` and has the entries `weight[4 e .. 4 e + 3]`.
 */
function listPanels(process: Process) {
  const { stateDim } = process;
  const panels = Math.ceil(stateDim / 4);
  const from: number[] = [];
  const weight: number[] = [];
  const start = new Int32Array(process.alphabet.length * panels + 1);
  process.alphabet.forEach((_, token) => {
    const operator = process.operator(token);
    for (let q = 0; q < panels; q++) {
      for (let i = 0; i < stateDim; i++) {
        const entries = [0, 1, 2, 3].map((c) => (4 * q + c < stateDim ? (operator[i * stateDim + 4 * q + c] ?? 0) : 0));
        if (entries.every((value) => value === 0)) continue;
        from.push(i);
        weight.push(...entries);
      }
      start[token * panels + q + 1] = from.length;
    }
  });
  return { panels, from: Int32Array.from(from), weight: Float64Array.from(weight), start };
}

/** Loops over the entries: for operators that are too large to write out, and where the host forbids new code. */
export function loopKernel(process: Process): FilterKernel {
  const { stateDim } = process;
  const tokens = process.alphabet.length;
  const { panels, from, weight, start } = listPanels(process);
  const next = new Float64Array(4 * panels);
  const normalizer = new Float64Array(4 * panels);
  normalizer.set(process.normalizer);
  /** Writes `b T^x` to `next` and returns its norm; `b` begins at `at`. */
  const apply = (beliefs: Float64Array, at: number, token: number): number => {
    let norm = 0;
    for (let q = 0, panel = token * panels; q < panels; q++, panel++) {
      const end = start[panel + 1] ?? 0;
      let u0 = 0;
      let u1 = 0;
      let u2 = 0;
      let u3 = 0;
      for (let e = start[panel] ?? 0, k = 4 * e; e < end; e++, k += 4) {
        const b = beliefs[at + (from[e] ?? 0)] ?? 0;
        u0 += b * (weight[k] ?? 0);
        u1 += b * (weight[k + 1] ?? 0);
        u2 += b * (weight[k + 2] ?? 0);
        u3 += b * (weight[k + 3] ?? 0);
      }
      const j = 4 * q;
      next[j] = u0;
      next[j + 1] = u1;
      next[j + 2] = u2;
      next[j + 3] = u3;
      norm += u0 * (normalizer[j] ?? 0) + u1 * (normalizer[j + 1] ?? 0);
      norm += u2 * (normalizer[j + 2] ?? 0) + u3 * (normalizer[j + 3] ?? 0);
    }
    return norm;
  };
  return ({ tokens: word, count, length, initial, beliefs, probabilities }) => {
    for (let i = 0, position = 0, at = 0; i < count; i++, at += stateDim) {
      beliefs.set(initial, at);
      for (let t = 0; t < length; t++, position++) {
        const token = word[position] ?? -1;
        if (token < 0 || token >= tokens) return false;
        const probability = apply(beliefs, at, token);
        if (!(probability > IMPOSSIBLE)) return false;
        const scale = 1 / probability;
        at += stateDim;
        for (let j = 0; j < stateDim; j++) beliefs[at + j] = (next[j] ?? 0) * scale;
        probabilities[position] = probability;
      }
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
