import { type Arena, at } from "../_internal/arena.ts";
import { applyBackward, forEachQuery, scoresBackward } from "../_internal/attention.ts";

/** out_i = sum over j <= i of probs_ij v_j for a pattern [batch, heads, length, length] that was changed after the softmax; v [rows, kvHeads dh], out [rows, heads dh]. */
export function attentionApplyForward(
  arena: Arena,
  probs: number,
  v: number,
  out: number,
  batch: number,
  heads: number,
  kvHeads: number,
  length: number,
  dh: number,
): void {
  forEachQuery({ batch, heads, kvHeads, length, dh }, ({ position: i, vector, pattern, key }) => {
    for (let c = 0; c < dh; c++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += at(arena, probs + pattern + j) * at(arena, v + key(j) + c);
      arena[out + vector + c] = sum;
    }
  });
}

/** dProbs_ij = dOut_i . v_j for j <= i, else 0; dV_j = sum over i >= j of probs_ij dOut_i. Both are overwritten. */
export function attentionApplyBackward(
  arena: Arena,
  dOut: number,
  probs: number,
  v: number,
  dProbs: number,
  dV: number,
  batch: number,
  heads: number,
  kvHeads: number,
  length: number,
  dh: number,
): void {
  arena.fill(0, dV, dV + batch * length * kvHeads * dh);
  arena.fill(0, dProbs, dProbs + batch * heads * length * length);
  forEachQuery({ batch, heads, kvHeads, length, dh }, (query) => {
    const row = dProbs + query.pattern;
    applyBackward(arena, query, { dOut, probs, v, dV }, arena.subarray(row, row + length), dh);
  });
}

/**
 * Backward through the softmax and the scores: with probs the softmax that the forward kernel wrote and
 * dS_ij = scale slope_ij probs_ij (dProbs_ij - sum_j probs_ij dProbs_ij), slope the derivative of the cap, dQ_i = sum_j dS_ij k_j and dK_j = sum_i dS_ij q_i.
 * Both are overwritten.
 */
export function attentionScoresBackward(
  arena: Arena,
  dProbs: number,
  q: number,
  k: number,
  probs: number,
  dQ: number,
  dK: number,
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
  arena.fill(0, dK, dK + batch * length * kvHeads * dh);
  forEachQuery({ batch, heads, kvHeads, length, dh }, (query) => {
    const row = dProbs + query.pattern;
    const dP = arena.subarray(row, row + length);
    scoresBackward(arena, query, { q, k, probs, dQ, dK }, dP, dh, { window, scale, softCap });
  });
}
