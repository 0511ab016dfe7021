import { log1 } from "../_wasm/exp";
import { scratch } from "../_wasm/scratch";
import { ceil4 } from "../_wasm/simd";
import { excluded, softmaxRow, total } from "../_wasm/softmax";

/**
 * rowLoss[r] = -ln p_r[target], p_r = softmax(logits[r]); dLogits[r] = weights[r] (p_r - onehot(target)). Target below 0: both 0. dLogits 0: forward only.
 * Scratch: one row, padded to vectors.
 */
export function cross_entropy(
  logits: usize, targets: usize, weights: usize, rowLoss: usize, dLogits: usize,
  rows: usize, vocabulary: usize,
): void {
  const bytes = vocabulary << 2, padded = ceil4(vocabulary) << 2;
  const row = scratch;
  for (let r: usize = 0; r < rows; r++, logits += bytes) {
    const target = load<i32>(targets + (r << 2));
    if (target < 0) {
      store<f32>(rowLoss + (r << 2), 0);
      if (dLogits != 0) memory.fill(dLogits + r * bytes, 0, bytes);
      continue;
    }
    v128.store(row + padded - 16, f32x4.splat(excluded));
    memory.copy(row, logits, bytes);
    const largest = softmaxRow(row, padded);
    const logit = load<f32>(logits + (<usize>target << 2));
    store<f32>(rowLoss + (r << 2), <f32>(log1(total) + <f64>(largest - logit)));
    if (dLogits == 0) continue;
    const weight = load<f32>(weights + (r << 2));
    store<f32>(row + (<usize>target << 2), load<f32>(row + (<usize>target << 2)) - 1.0);
    const d = dLogits + r * bytes;
    for (let i: usize = 0; i < bytes; i += 4) store<f32>(d + i, weight * load<f32>(row + i));
  }
}
