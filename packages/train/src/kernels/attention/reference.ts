import { type Arena, at } from "../_internal/arena.ts";
import { applyBackward, capped, dot, firstKey, forEachQuery, scoresBackward } from "../_internal/attention.ts";
import { attentionApplyForward } from "../attention-pattern/reference.ts";

/**
 * Causal multi-head attention: probs [batch, heads, length, length] = softmax over the keys j that query i sees of scale q_i . k_j, out_i = sum_j probs_ij v_j.
 *
 * q, out [batch length, heads dh], k, v [batch length, kvHeads dh]: query head h reads key and value head floor(h kvHeads / heads) (grouped queries, Ainslie et
 * al. 2023). Query i sees the keys j <= i and, where window > 0, j > i - window. Scores s become softCap tanh(s / softCap) where softCap > 0 (Gemma 2).
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
  kvHeads: number,
  length: number,
  dh: number,
  window: number,
  scale: number,
  softCap: number,
): void {
  forEachQuery({ batch, heads, kvHeads, length, dh }, ({ position: i, vector, pattern, key }) => {
    const p = probs + pattern;
    const first = firstKey(i, window);
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = first; j <= i; j++) {
      const score = capped(dot(arena, q + vector, k + key(j), dh) * scale, softCap).value;
      arena[p + j] = score;
      largest = Math.max(largest, score);
    }
    let total = 0;
    for (let j = first; j <= i; j++) {
      const e = Math.exp(at(arena, p + j) - largest);
      arena[p + j] = e;
      total += e;
    }
    for (let j = 0; j < length; j++) arena[p + j] = first <= j && j <= i ? at(arena, p + j) / total : 0;
  });
  attentionApplyForward(arena, probs, v, out, batch, heads, kvHeads, length, dh);
}

/**
 * dV_j = sum_i probs_ij dOut_i; with dP_ij = dOut_i . v_j and dS_ij = scale slope_ij probs_ij (dP_ij - sum_j probs_ij dP_ij), slope the derivative of the cap:
 * dQ_i = sum_j dS_ij k_j, dK_j = sum_i dS_ij q_i. Sums over i run over all query heads that share the key head. All three are overwritten.
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
  kvHeads: number,
  length: number,
  dh: number,
  window: number,
  scale: number,
  softCap: number,
): void {
  arena.fill(0, dQ, dQ + batch * length * heads * dh);
  for (const gradient of [dK, dV]) arena.fill(0, gradient, gradient + batch * length * kvHeads * dh);
  const dP = new Float64Array(length);
  forEachQuery({ batch, heads, kvHeads, length, dh }, (query) => {
    applyBackward(arena, query, { dOut, probs, v, dV }, dP, dh);
    scoresBackward(arena, query, { q, k, probs, dQ, dK }, dP, dh, { window, scale, softCap });
  });
}
