import { exp4 } from "./exp";
import { laneMax, laneSum } from "./simd";

/** What a lane that takes no part in a softmax holds: its exponential is 0 beside any logit above -1e37. */
export const excluded: f32 = -3.0e38;

/**
 * Softmax of one row in place: `vectors` bytes (a multiple of 16) from p, lanes that are not part of the row set to `excluded`. Returns the row's largest
 * entry; `total` (global) is then the sum of exponentials relative to it.
 */
export function softmaxRow(p: usize, vectors: usize): f32 {
  const end = p + vectors;
  let largest4 = v128.load(p);
  for (let q = p + 16; q < end; q += 16) largest4 = f32x4.max(largest4, v128.load(q));
  const largest = laneMax(largest4);
  const shift = f32x4.splat(largest);
  let sums = f32x4.splat(0);
  for (let q = p; q < end; q += 16) {
    const e = exp4(f32x4.sub(v128.load(q), shift));
    sums = f32x4.add(sums, e);
    v128.store(q, e);
  }
  total = laneSum(sums);
  const inverse = f32x4.splat(<f32>1.0 / total);
  for (let q = p; q < end; q += 16) v128.store(q, f32x4.mul(v128.load(q), inverse));
  return largest;
}

/** Sum of exponentials of the last softmaxRow. */
export let total: f32 = 0;
