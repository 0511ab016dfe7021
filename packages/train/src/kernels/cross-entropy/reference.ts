import { type Arena, at } from "../_internal/arena.ts";

/**
 * rowLoss[r] = -ln p_r[target] with p_r = softmax(logits[r]), in nats; dLogits[r] = weights[r] (p_r - onehot(target)).
 *
 * logits, dLogits [rows, vocabulary]; targets, weights, rowLoss [rows]. A target below 0 is ignored: row loss and gradient are 0. dLogits 0: forward only.
 */
export function crossEntropy(
  arena: Arena,
  logits: number,
  targets: number,
  weights: number,
  rowLoss: number,
  dLogits: number,
  rows: number,
  vocabulary: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = logits + r * vocabulary;
    const target = at(arena, targets + r);
    if (target < 0) {
      arena[rowLoss + r] = 0;
      if (dLogits !== 0) arena.fill(0, dLogits + r * vocabulary, dLogits + (r + 1) * vocabulary);
      continue;
    }
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < vocabulary; c++) largest = Math.max(largest, at(arena, row + c));
    let total = 0;
    for (let c = 0; c < vocabulary; c++) total += Math.exp(at(arena, row + c) - largest);
    arena[rowLoss + r] = Math.log(total) + largest - at(arena, row + target);
    if (dLogits === 0) continue;
    const weight = at(arena, weights + r);
    for (let c = 0; c < vocabulary; c++) {
      const probability = Math.exp(at(arena, row + c) - largest) / total;
      arena[dLogits + r * vocabulary + c] = weight * (probability - (c === target ? 1 : 0));
    }
  }
}
