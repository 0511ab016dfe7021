import { type Arena, at } from "./arena.ts";

/** Sizes of attention: query head h reads key and value head floor(h kvHeads / heads). */
export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly length: number;
  readonly dh: number;
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

/** a . b of two vectors of dh elements. */
export function dot(arena: Arena, a: number, b: number, dh: number): number {
  let sum = 0;
  for (let c = 0; c < dh; c++) sum += at(arena, a + c) * at(arena, b + c);
  return sum;
}

/** cap tanh(score / cap), and its derivative; without a cap (cap 0) the score itself, and 1. */
export function capped(score: number, cap: number): { readonly value: number; readonly slope: number } {
  if (!(cap > 0)) return { value: score, slope: 1 };
  const t = Math.tanh(score / cap);
  return { value: cap * t, slope: 1 - t * t };
}
