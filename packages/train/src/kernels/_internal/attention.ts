import { type Arena, accumulate, at } from "./arena.ts";

/** Sizes of attention: query head h reads key and value head floor(h kvHeads / heads). */
export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly length: number;
  readonly dh: number;
}

/** How scores become: scale q . k, capped where softCap > 0, of the last `window` keys only where window > 0. */
export interface ScoreOptions {
  readonly window: number;
  readonly scale: number;
  readonly softCap: number;
}

/** One query: element offsets from the starts of the arrays it reads and writes. */
export interface Query {
  /** Its position i. */
  readonly position: number;
  /** Its vector, in arrays [rows, heads dh]. */
  readonly vector: number;
  /** Its row of the pattern, in arrays [batch, heads, length, length]. */
  readonly pattern: number;
  /** The vector of the key at a position, in arrays [rows, kvHeads dh]. */
  readonly key: (position: number) => number;
}

/** Visits the queries of a batch: sequence by sequence, head by head, in the order of their positions. */
export function forEachQuery(shape: AttentionShape, visit: (query: Query) => void): void {
  const { batch, heads, kvHeads, length, dh } = shape;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const kvHead = Math.floor((h * kvHeads) / heads);
      for (let position = 0; position < length; position++) {
        visit({
          position,
          vector: (b * length + position) * heads * dh + h * dh,
          pattern: ((b * heads + h) * length + position) * length,
          key: (j) => (b * length + j) * kvHeads * dh + kvHead * dh,
        });
      }
    }
  }
}

/** The first key that a query sees: i - window + 1, or 0 without a window (window 0). */
export function firstKey(position: number, window: number): number {
  return window > 0 ? Math.max(0, position - window + 1) : 0;
}

/** a . b of two vectors of n elements. */
export function dot(arena: Arena, a: number, b: number, n: number): number {
  let sum = 0;
  for (let c = 0; c < n; c++) sum += at(arena, a + c) * at(arena, b + c);
  return sum;
}

/** cap tanh(score / cap), and its derivative; without a cap (cap 0) the score itself, and 1. */
export function capped(score: number, cap: number): { readonly value: number; readonly slope: number } {
  if (!(cap > 0)) return { value: score, slope: 1 };
  const t = Math.tanh(score / cap);
  return { value: cap * t, slope: 1 - t * t };
}

/** Backward through out_i = sum_j probs_ij v_j for one query i: dP_j = dOut_i . v_j for j <= i, and dV_j += probs_ij dOut_i. */
export function applyBackward(
  arena: Arena,
  { position: i, vector, pattern, key }: Query,
  arrays: { readonly dOut: number; readonly probs: number; readonly v: number; readonly dV: number },
  dP: Float64Array,
  dh: number,
): void {
  const dOut = arrays.dOut + vector;
  for (let j = 0; j <= i; j++) {
    dP[j] = dot(arena, dOut, arrays.v + key(j), dh);
    const weight = at(arena, arrays.probs + pattern + j);
    for (let c = 0; c < dh; c++) accumulate(arena, arrays.dV + key(j) + c, weight * at(arena, dOut + c));
  }
}

/**
 * Backward through the softmax and the scores of one query i: with dS_j = probs_ij (dP_j - sum_j probs_ij dP_j) scale slope_j, slope the derivative of the cap,
 * dQ_i += dS_j k_j and dK_j += dS_j q_i.
 */
export function scoresBackward(
  arena: Arena,
  { position: i, vector, pattern, key }: Query,
  arrays: Readonly<Record<"q" | "k" | "probs" | "dQ" | "dK", number>>,
  dP: Float64Array,
  dh: number,
  { window, scale, softCap }: ScoreOptions,
): void {
  const { k, dK } = arrays;
  const [q, dQ, p] = [arrays.q + vector, arrays.dQ + vector, arrays.probs + pattern];
  const first = firstKey(i, window);
  let mean = 0;
  for (let j = first; j <= i; j++) mean += at(dP, j) * at(arena, p + j);
  for (let j = first; j <= i; j++) {
    const { slope } = capped(softCap > 0 ? dot(arena, q, k + key(j), dh) * scale : 0, softCap);
    const dScore = at(arena, p + j) * (at(dP, j) - mean) * scale * slope;
    for (let c = 0; c < dh; c++) {
      accumulate(arena, dQ + c, dScore * at(arena, k + key(j) + c));
      accumulate(arena, dK + key(j) + c, dScore * at(arena, q + c));
    }
  }
}
