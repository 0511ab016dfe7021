import { dot } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";

/** How far, relative to its largest entry, a vector may be from a product of vectors: rounding of a product of many. */
const TOLERANCE = 1e-13;

/**
 * Vectors whose Kronecker product is `joint` up to a factor, or undefined if there are none: the lines of the tensor through its
 * entry of largest modulus.
 */
export function splitVector(joint: ArrayLike<number>, sizes: readonly number[]): readonly Float64Array[] | undefined {
  let pivot = 0;
  for (let s = 1; s < joint.length; s++) if (Math.abs(joint[s] ?? 0) > Math.abs(joint[pivot] ?? 0)) pivot = s;
  const largest = joint[pivot] ?? 0;
  if (largest === 0) return undefined;
  const parts: Float64Array[] = [];
  for (let n = sizes.length - 1, stride = 1; n >= 0; n--) {
    const size = sizes[n] ?? 1;
    const base = pivot - (Math.floor(pivot / stride) % size) * stride;
    const part = new Float64Array(size);
    for (let i = 0; i < size; i++) part[i] = (joint[base + i * stride] ?? 0) / largest;
    parts.unshift(part);
    stride *= size;
  }
  for (let s = 0; s < joint.length; s++) {
    let product = largest;
    for (let n = sizes.length - 1, rest = s; n >= 0; n--) {
      const size = sizes[n] ?? 1;
      product *= parts[n]?.[rest % size] ?? 0;
      rest = Math.floor(rest / size);
    }
    if (!(Math.abs(product - (joint[s] ?? 0)) <= TOLERANCE * Math.abs(largest))) return undefined;
  }
  return parts;
}

/** A product of processes that start independently of each other. */
export interface Factors {
  readonly factors: readonly Process[];
  /** Initial belief of each factor, with `b . w = 1`. */
  readonly initial: readonly Float64Array[];
  /** Alphabet sizes. */
  readonly tokens: readonly number[];
  /** State dimensions. */
  readonly states: readonly number[];
}

function split(process: Process): Factors | undefined {
  if (process.storage?.kind !== "kronecker") return undefined;
  const { factors } = process.storage;
  const states = factors.map(({ stateDim }) => stateDim);
  const initial = splitVector(process.initial, states);
  if (initial === undefined) return undefined;
  const scaled = initial.map((part, n) => {
    const norm = dot(part, factors[n]?.normalizer ?? part);
    return part.map((value) => value / norm);
  });
  if (!scaled.every((part) => part.every(Number.isFinite))) return undefined;
  return { factors, initial: scaled, tokens: factors.map(({ alphabet }) => alphabet.length), states };
}

const known = new WeakMap<Process, Factors | undefined>();

/** The factors of a process that is stored as a product and starts in a product state; undefined for any other process. */
export function independentFactors(process: Process): Factors | undefined {
  if (!known.has(process)) known.set(process, split(process));
  return known.get(process);
}
