import { type Arena, at } from "../_internal/arena.ts";
import { scalarIndex } from "../_internal/optimizer-scalars.ts";

/**
 * metrics[2 k] = sum over shards and rows, in order, of weights rowLoss; metrics[2 k + 1] = the gradient norm, scalars[9]; k = scalars[10]. Nothing is written
 * where k is not below slots.
 */
export function recordMetrics(
  arena: Arena,
  rowLoss: number,
  weights: number,
  stride: number,
  scalars: number,
  metrics: number,
  shards: number,
  rows: number,
  slots: number,
): void {
  const slot = at(arena, scalars + scalarIndex.slot);
  if (!(slot >= 0 && slot < slots)) return;
  let sum = 0;
  for (let s = 0; s < shards; s++) {
    for (let r = 0; r < rows; r++) sum += at(arena, weights + s * stride + r) * at(arena, rowLoss + s * stride + r);
  }
  arena[metrics + 2 * slot] = sum;
  arena[metrics + 2 * slot + 1] = at(arena, scalars + scalarIndex.gradientNorm);
}
