import { dot, eigenvalues, vectorTimesMatrix } from "@semifactor/ghmm/internal";

/** What the net operator alone says about how long a change of one factor lasts. */
export interface ExpectedDecay {
  /**
   * Which result it rests on: `memory` where the other factors move on their own and forget the factor by a number for each of their
   * states, `autonomous` where the factor moves on its own.
   */
  readonly kind: "memory" | "autonomous";
  /** Total variation of the factor's belief at each time, `[horizon + 1]`. */
  readonly factor: Float64Array;
  /** Factor per step by which it decays in the end: 1 is for ever. */
  readonly rate: number;
  /** `memory` only: the number `mu_c` by which the change is multiplied at each state of the other factors, `[dC]`. */
  readonly memory?: Float64Array;
}

/** A net operator and a change of the belief, both with the target factor slowest. */
export interface Change {
  readonly dimensions: readonly [number, number];
  /** `[dA dC, dA dC]` */
  readonly net: Float64Array;
  /** After minus before, `[dA dC]`. */
  readonly change: Float64Array;
  readonly normalizers: readonly [Float64Array, Float64Array];
  readonly horizon: number;
}

const TOLERANCE = 1e-9;

const halfNorm = (vector: Float64Array): number => vector.reduce((sum, value) => sum + Math.abs(value), 0) / 2;

function modulus(matrix: Float64Array, size: number, index: number): number {
  const { real, imaginary } = eigenvalues(matrix, size);
  return Math.hypot(real[index] ?? 0, imaginary[index] ?? 0);
}

/** The net operator of one factor, if it moves on its own: `sum_c' T[(a, c), (a', c')] w[c'] / w[c]` for every c alike. */
function autonomous({ dimensions: [dA, dC], net, normalizers: [, w] }: Change): Float64Array | undefined {
  const own = new Float64Array(dA * dA);
  for (let i = 0; i < dA * dA; i++) {
    const [a, to] = [Math.floor(i / dA), i % dA];
    for (let c = 0; c < dC; c++) {
      const from = (a * dC + c) * dA * dC + to * dC;
      const entry = dot(net.subarray(from, from + dC), w) / (w[c] ?? 0);
      if (c === 0) own[i] = entry;
      else if (!(Math.abs(entry - (own[i] ?? 0)) <= TOLERANCE)) return undefined;
    }
  }
  return own;
}

/** The same operator and change with the two sides exchanged. */
function swapped({ dimensions: [dA, dC], net, change, normalizers: [wA, wC], horizon }: Change): Change {
  const d = dA * dC;
  const from = (s: number): number => (s % dA) * dC + Math.floor(s / dA);
  return {
    dimensions: [dC, dA],
    net: Float64Array.from({ length: d * d }, (_, i) => net[from(Math.floor(i / d)) * d + from(i % d)] ?? 0),
    change: Float64Array.from({ length: d }, (_, s) => change[from(s)] ?? 0),
    normalizers: [wC, wA],
    horizon,
  };
}

/** `mu_c` with `sum_a v_a T[(a, c), (a', c')] = mu_c v_a' C[c, c']` for every `v` of sum zero, if there are such numbers. */
function memoryOf({ dimensions: [dA, dC], net }: Change, other: Float64Array): Float64Array | undefined {
  const d = dA * dC;
  const entry = (a: number, c: number, aTo: number, cTo: number): number => net[(a * dC + c) * d + aTo * dC + cTo] ?? 0;
  const memory = new Float64Array(dC);
  for (let c = 0; c < dC; c++) {
    const row = other.subarray(c * dC, (c + 1) * dC);
    const most = row.reduce((best, value, cTo) => (Math.abs(value) > Math.abs(row[best] ?? 0) ? cTo : best), 0);
    memory[c] = (entry(1, c, 1, most) - entry(0, c, 1, most)) / (row[most] ?? 0);
    for (let i = 0; i < dA * d; i++) {
      const [a, aTo, cTo] = [Math.floor(i / d), Math.floor((i % d) / dC), i % dC];
      const kept = Number(aTo === a) - Number(aTo === 0);
      const expected = (memory[c] ?? 0) * kept * (row[cTo] ?? 0);
      if (!(Math.abs(entry(a, c, aTo, cTo) - entry(0, c, aTo, cTo) - expected) <= TOLERANCE)) return undefined;
    }
  }
  return memory;
}

/** The change summed over the other factors, each state of theirs with its own weight. */
function weighted({ dimensions: [dA, dC], change }: Change, weights: Float64Array): Float64Array {
  return Float64Array.from({ length: dA }, (_, a) => dot(change.subarray(a * dC, (a + 1) * dC), weights));
}

/** `sum_c v_c E_c[prod of mu along the path]`, with `v_c` the change at c. */
function byMemory(given: Change, other: Float64Array, memory: Float64Array): ExpectedDecay {
  const dC = memory.length;
  const step = other.map((value, i) => value * (memory[Math.floor(i / dC)] ?? 0));
  let survival = new Float64Array(dC).fill(1);
  const factor = Float64Array.from({ length: given.horizon + 1 }, () => {
    const now = halfNorm(weighted(given, survival));
    survival = Float64Array.from({ length: dC }, (_, c) => dot(step.subarray(c * dC, (c + 1) * dC), survival));
    return now;
  });
  return { kind: "memory", factor, rate: modulus(step, dC, 0), memory };
}

function onItsOwn(given: Change, own: Float64Array): ExpectedDecay {
  const [dA] = given.dimensions;
  let change = weighted(given, given.normalizers[1]);
  const factor = Float64Array.from({ length: given.horizon + 1 }, () => {
    const now = halfNorm(change);
    const next = new Float64Array(dA);
    vectorTimesMatrix(change, own, dA, next);
    change = next;
    return now;
  });
  return { kind: "autonomous", factor, rate: modulus(own, dA, 1) };
}

/** The decay that follows from the form of the net operator, if it has one of the two forms. */
export function expectedDecay(given: Change): ExpectedDecay | undefined {
  const [dA, dC] = given.dimensions;
  if (dA < 2) return undefined;
  const other = autonomous(swapped(given));
  const columns = weighted(swapped(given), given.normalizers[0]);
  const plain = given.normalizers.every((normalizer) => normalizer.every((value) => value === 1));
  if (plain && other !== undefined && dC > 0 && columns.every((value) => Math.abs(value) <= TOLERANCE)) {
    const memory = memoryOf(given, other);
    if (memory !== undefined) return byMemory(given, other, memory);
  }
  const own = autonomous(given);
  return own === undefined ? undefined : onItsOwn(given, own);
}
