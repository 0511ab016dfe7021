import { type Arena, accumulate, at } from "../_internal/arena.ts";

/**
 * Causal multi-head attention: probs [batch, heads, length, length] = softmax over keys j <= i of q_i . k_j / sqrt(dh), out_i = sum_j probs_ij v_j.
 *
 * q, k, v, out [batch*length, heads*dh].
 */
export function attentionForward(
  arena: Arena,
  q: number,
  k: number,
  v: number,
  probs: number,
  out: number,
  batch: number,
  heads: number,
  length: number,
  dh: number,
): void {
  const d = heads * dh;
  const scale = 1 / Math.sqrt(dh);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const base = b * length * d + h * dh;
      for (let i = 0; i < length; i++) {
        const p = probs + ((b * heads + h) * length + i) * length;
        let largest = Number.NEGATIVE_INFINITY;
        for (let j = 0; j <= i; j++) {
          let score = 0;
          for (let c = 0; c < dh; c++) score += at(arena, q + base + i * d + c) * at(arena, k + base + j * d + c);
          arena[p + j] = score * scale;
          largest = Math.max(largest, score * scale);
        }
        let total = 0;
        for (let j = 0; j <= i; j++) {
          const e = Math.exp(at(arena, p + j) - largest);
          arena[p + j] = e;
          total += e;
        }
        for (let j = 0; j < length; j++) arena[p + j] = j <= i ? at(arena, p + j) / total : 0;
        for (let c = 0; c < dh; c++) {
          let sum = 0;
          for (let j = 0; j <= i; j++) sum += at(arena, p + j) * at(arena, v + base + j * d + c);
          arena[out + base + i * d + c] = sum;
        }
      }
    }
  }
}

/**
 * dV_j = sum_i probs_ij dOut_i; with dP_ij = dOut_i . v_j and dS_ij = probs_ij (dP_ij - sum_j probs_ij dP_ij):
 * dQ_i = sum_j dS_ij k_j / sqrt(dh), dK_j = sum_i dS_ij q_i / sqrt(dh). All three are overwritten.
 */
export function attentionBackward(
  arena: Arena,
  dOut: number,
  q: number,
  k: number,
  v: number,
  probs: number,
  dQ: number,
  dK: number,
  dV: number,
  batch: number,
  heads: number,
  length: number,
  dh: number,
): void {
  const d = heads * dh;
  const scale = 1 / Math.sqrt(dh);
  for (const gradient of [dQ, dK, dV]) arena.fill(0, gradient, gradient + batch * length * d);
  const dP = new Float64Array(length);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const base = b * length * d + h * dh;
      for (let i = 0; i < length; i++) {
        const p = probs + ((b * heads + h) * length + i) * length;
        let mean = 0;
        for (let j = 0; j <= i; j++) {
          let dot = 0;
          for (let c = 0; c < dh; c++) dot += at(arena, dOut + base + i * d + c) * at(arena, v + base + j * d + c);
          dP[j] = dot;
          mean += dot * at(arena, p + j);
        }
        for (let j = 0; j <= i; j++) {
          const weight = at(arena, p + j);
          const dScore = weight * (at(dP, j) - mean) * scale;
          for (let c = 0; c < dh; c++) {
            const row = base + i * d + c;
            const column = base + j * d + c;
            accumulate(arena, dV + column, weight * at(arena, dOut + row));
            accumulate(arena, dQ + row, dScore * at(arena, k + column));
            accumulate(arena, dK + column, dScore * at(arena, q + row));
          }
        }
      }
    }
  }
}
