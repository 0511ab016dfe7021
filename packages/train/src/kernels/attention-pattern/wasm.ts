import {
  copyCausal, copyPadded, firstColumn, multiplyColumns, multiplyRows, scoreRows, slopeRow, transposePadded,
} from "../_wasm/attention-tiles";
import { edgeTileBytes, scratch } from "../_wasm/scratch";
import { ceil4, copyRow } from "../_wasm/simd";
import { capSlopeRow } from "../_wasm/soft-cap";

// The two halves of attention, for patterns that are changed between them. As in ../attention/wasm.ts, one (sequence, head) at a time in tiles of four rows;
// the scratch holds, after the edge tile, the matrices named in each kernel, with T4, D4 = length, dh rounded up to multiples of 4.

/** out = probs v over the keys up to each query; probs [batch, heads, length, length], v [batch length, kvHeads dh]. Scratch: probs [T4, T4], v [length, D4]. */
export function attention_apply_forward(
  probs: usize, v: usize, out: usize,
  batch: usize, heads: usize, kvHeads: usize, length: usize, dh: usize,
): void {
  const step = (heads * dh) << 2, kvStep = (kvHeads * dh) << 2, t4 = ceil4(length), row = t4 << 2;
  const p = scratch + edgeTileBytes, values = p + t4 * row;
  const aligned = (dh & 3) == 0;
  const vStep = aligned ? kvStep : ceil4(dh) << 2;
  for (let b: usize = 0; b < batch; b++) {
    for (let h: usize = 0; h < heads; h++, probs += length * (length << 2)) {
      const offset = b * length * step + ((h * dh) << 2);
      const vHere = v + b * length * kvStep + ((h * kvHeads / heads * dh) << 2);
      copyCausal(probs, length, p);
      if (!aligned) copyPadded(vHere, kvStep, length, dh, values);
      for (let i: usize = 0; i < length; i += 4) {
        const rows = min<usize>(4, length - i);
        const target = out + offset + i * step;
        multiplyRows(p + i * row, row, aligned ? vHere : values, vStep, rows, i + rows, dh, target, step);
      }
    }
  }
}

/** dProbs = dOut v^T up to the diagonal, 0 above it; dV = probs^T dOut; both overwritten. Scratch: v^T [dh, T4], probs [T4, T4], dOut [length, D4], four rows. */
export function attention_apply_backward(
  dOut: usize, probs: usize, v: usize, dProbs: usize, dV: usize,
  batch: usize, heads: usize, kvHeads: usize, length: usize, dh: usize,
): void {
  const step = (heads * dh) << 2, kvStep = (kvHeads * dh) << 2, t4 = ceil4(length), row = t4 << 2;
  const valuesT = scratch + edgeTileBytes, p = valuesT + dh * row, dOut4 = p + t4 * row;
  const slopes = dOut4 + length * (ceil4(dh) << 2);
  const aligned = (dh & 3) == 0, inner = aligned ? step : ceil4(dh) << 2;
  for (let b: usize = 0; b < batch; b++) {
    for (let h: usize = 0; h < heads; h++, probs += length * (length << 2)) {
      const offset = b * length * step + ((h * dh) << 2);
      const group = h * kvHeads / heads, kvOffset = b * length * kvStep + ((group * dh) << 2);
      const follows = h > 0 && group == (h - 1) * kvHeads / heads;
      if (!follows) transposePadded(v + kvOffset, kvStep, length, dh, valuesT);
      copyCausal(probs, length, p);
      if (!aligned) copyPadded(dOut + offset, step, length, dh, dOut4);
      const dOutHere = aligned ? dOut + offset : dOut4;
      for (let i: usize = 0; i < length; i += 4) {
        const rows = min<usize>(4, length - i);
        scoreRows(dOut + offset + i * step, step, valuesT, row, rows, dh, 0, i + 4, slopes, 1);
        for (let r: usize = 0; r < rows; r++, dProbs += length << 2) {
          for (let j = (i + r + 1) << 2; j < row; j += 4) store<f32>(slopes + r * row + j, 0);
          copyRow(slopes + r * row, dProbs, length);
        }
      }
      for (let j: usize = 0; j < length; j += 4) {
        const rows = min<usize>(4, length - j), target = dV + kvOffset + j * kvStep;
        const source = dOutHere + j * inner;
        multiplyColumns(p + j * row + (j << 2), row, source, inner, rows, length - j, dh, target, kvStep, follows);
      }
    }
  }
}

/**
 * With dS = scale P (dProbs - rowsum(P dProbs)), times the slope of the cap: dQ = dS k, dK = dS^T q; both overwritten. Scratch: P and dS [T4, T4], k and q
 * [length, D4]; where scores are capped, k^T [dh, T4] and four score rows.
 */
export function attention_scores_backward(
  dProbs: usize, q: usize, k: usize, probs: usize, dQ: usize, dK: usize,
  batch: usize, heads: usize, kvHeads: usize, length: usize, dh: usize, window: usize, scale: f32, softCap: f32,
): void {
  const step = (heads * dh) << 2, kvStep = (kvHeads * dh) << 2;
  const t4 = ceil4(length), row = t4 << 2, d4 = ceil4(dh) << 2, square = length * (length << 2);
  const p = scratch + edgeTileBytes, dS = p + t4 * row, k4 = dS + t4 * row, q4 = k4 + length * d4;
  const keysT = q4 + length * d4, scores = keysT + dh * row;
  const aligned = (dh & 3) == 0, inner = aligned ? step : d4, kvInner = aligned ? kvStep : d4;
  for (let b: usize = 0; b < batch; b++) {
    for (let h: usize = 0; h < heads; h++, probs += square, dProbs += square) {
      const offset = b * length * step + ((h * dh) << 2);
      const group = h * kvHeads / heads, kvOffset = b * length * kvStep + ((group * dh) << 2);
      const follows = h > 0 && group == (h - 1) * kvHeads / heads;
      if (!follows && softCap > 0) transposePadded(k + kvOffset, kvStep, length, dh, keysT);
      if (!follows && !aligned) copyPadded(k + kvOffset, kvStep, length, dh, k4);
      if (!aligned) copyPadded(q + offset, step, length, dh, q4);
      const kHere = aligned ? k + kvOffset : k4, qHere = aligned ? q + offset : q4;
      copyCausal(probs, length, p);
      copyCausal(dProbs, length, dS);
      for (let i: usize = 0; i < length; i += 4) {
        const rows = min<usize>(4, length - i), first = firstColumn(i, window), start = first << 2;
        const d = dS + i * row, bytes = ((i + 4) << 2) - start;
        for (let r: usize = 0; r < rows; r++) slopeRow(p + (i + r) * row + start, d + r * row + start, bytes, scale);
        if (softCap > 0) {
          scoreRows(q + offset + i * step, step, keysT, row, rows, dh, first, i + 4, scores, scale);
          for (let r = start; r < rows * row; r += row) capSlopeRow(scores + r, d + r, bytes, softCap);
        }
        const keys = kHere + first * kvInner, target = dQ + offset + i * step;
        multiplyRows(d + start, row, keys, kvInner, rows, i + rows - first, dh, target, step);
      }
      for (let j: usize = 0; j < length; j += 4) {
        const rows = min<usize>(4, length - j), depth = min(length - j, window != 0 ? window + 3 : length);
        const target = dK + kvOffset + j * kvStep, source = qHere + j * inner;
        multiplyColumns(dS + j * row + (j << 2), row, source, inner, rows, depth, dh, target, kvStep, follows);
      }
    }
  }
}
