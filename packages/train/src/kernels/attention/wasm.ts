import {
  copyPadded, firstColumn, multiplyColumns, multiplyRows, scoreRows, slopeRow, transposePadded,
} from "../_wasm/attention-tiles";
import { edgeTileBytes, scratch } from "../_wasm/scratch";
import { ceil4, copyRow } from "../_wasm/simd";
import { capRow, capSlopeRow } from "../_wasm/soft-cap";
import { excluded, softmaxRow } from "../_wasm/softmax";

// One (sequence, head) at a time, in tiles of four rows; tiles above the diagonal or before the window are never computed. With T4, D4 = length, dh rounded up to
// multiples of 4, the scratch holds, after the edge tile: a transposed matrix [dh, T4], a score matrix [T4, T4] (four rows of it in the forward pass), the
// probabilities [T4, T4], up to three copies [length, D4] of matrices whose rows are not a multiple of four floats, and, in the backward pass of capped
// scores, transposed keys [dh, T4] and four score rows.

/** probs = causal softmax(scale q k^T) [batch, heads, length, length], out = probs v; q, out [batch length, heads dh], k, v [batch length, kvHeads dh]. */
export function attention_forward(
  q: usize, k: usize, v: usize, probs: usize, out: usize,
  batch: usize, heads: usize, kvHeads: usize, length: usize, dh: usize, window: usize, scale: f32, softCap: f32,
): void {
  const step = (heads * dh) << 2, kvStep = (kvHeads * dh) << 2, t4 = ceil4(length), row = t4 << 2;
  const keys = scratch + edgeTileBytes, scores = keys + dh * row, values = scores + 4 * row;
  const aligned = (dh & 3) == 0;
  const vStep = aligned ? kvStep : ceil4(dh) << 2;
  for (let b: usize = 0; b < batch; b++) {
    for (let h: usize = 0; h < heads; h++) {
      const offset = b * length * step + ((h * dh) << 2);
      const group = h * kvHeads / heads, kvOffset = b * length * kvStep + ((group * dh) << 2);
      if (h == 0 || group != (h - 1) * kvHeads / heads) {
        transposePadded(k + kvOffset, kvStep, length, dh, keys);
        if (!aligned) copyPadded(v + kvOffset, kvStep, length, dh, values);
      }
      const vHere = aligned ? v + kvOffset : values;
      for (let i: usize = 0; i < length; i += 4) {
        const rows = min<usize>(4, length - i), first = firstColumn(i, window);
        scoreRows(q + offset + i * step, step, keys, row, rows, dh, first, i + 4, scores, scale);
        const start = first << 2, bytes = (i + 4) << 2;
        for (let r: usize = 0; r < rows; r++) {
          const p = scores + r * row;
          if (softCap > 0) capRow(p + start, bytes - start, softCap);
          if (window != 0) for (let j = first; j + window <= i + r; j++) store<f32>(p + (j << 2), excluded);
          for (let j = (i + r + 1) << 2; j < bytes; j += 4) store<f32>(p + j, excluded);
          softmaxRow(p + start, bytes - start);
          for (let j: usize = 0; j < start; j += 16) v128.store(p + j, f32x4.splat(0));
          for (let j = bytes; j < row; j += 16) v128.store(p + j, f32x4.splat(0));
          copyRow(p, probs, length);
          probs += length << 2;
        }
        const values = vHere + first * vStep;
        multiplyRows(scores + start, row, values, vStep, rows, i + rows - first, dh, out + offset + i * step, step);
      }
    }
  }
}

/** With dP = dOut v^T and dS = scale P (dP - rowsum(P dP)), times the slope of the cap: dQ = dS k, dK = dS^T q, dV = P^T dOut; all three overwritten. */
export function attention_backward(
  dOut: usize, q: usize, k: usize, v: usize, probs: usize, dQ: usize, dK: usize, dV: usize,
  batch: usize, heads: usize, kvHeads: usize, length: usize, dh: usize, window: usize, scale: f32, softCap: f32,
): void {
  const step = (heads * dh) << 2, kvStep = (kvHeads * dh) << 2;
  const t4 = ceil4(length), row = t4 << 2, d4 = ceil4(dh) << 2;
  const valuesT = scratch + edgeTileBytes, dS = valuesT + dh * row, p4 = dS + t4 * row;
  const k4 = p4 + t4 * row, q4 = k4 + length * d4, dOut4 = q4 + length * d4;
  const keysT = dOut4 + length * d4, scores = keysT + dh * row;
  const aligned = (dh & 3) == 0, whole = (length & 3) == 0;
  const inner = aligned ? step : d4, kvInner = aligned ? kvStep : d4;
  for (let b: usize = 0; b < batch; b++) {
    for (let h: usize = 0; h < heads; h++) {
      const offset = b * length * step + ((h * dh) << 2);
      const group = h * kvHeads / heads, kvOffset = b * length * kvStep + ((group * dh) << 2);
      const follows = h > 0 && group == (h - 1) * kvHeads / heads;
      let p = probs, kHere = k + kvOffset, qHere = q + offset, dOutHere = dOut + offset;
      if (!follows) {
        transposePadded(v + kvOffset, kvStep, length, dh, valuesT);
        if (softCap > 0) transposePadded(kHere, kvStep, length, dh, keysT);
        if (!aligned) copyPadded(kHere, kvStep, length, dh, k4);
      }
      if (!whole) {
        p = p4;
        copyPadded(probs, length << 2, length, length, p4);
      }
      if (!aligned) {
        copyPadded(qHere, step, length, dh, q4);
        copyPadded(dOutHere, step, length, dh, dOut4);
        kHere = k4; qHere = q4; dOutHere = dOut4;
      }
      probs += length * (length << 2);
      for (let i: usize = 0; i < length; i += 4) {
        const rows = min<usize>(4, length - i), first = firstColumn(i, window), start = first << 2;
        const d = dS + i * row, bytes = ((i + 4) << 2) - start;
        scoreRows(dOut + offset + i * step, step, valuesT, row, rows, dh, first, i + 4, d, 1);
        for (let r: usize = 0; r < rows; r++) slopeRow(p + (i + r) * row + start, d + r * row + start, bytes, scale);
        if (softCap > 0) {
          scoreRows(q + offset + i * step, step, keysT, row, rows, dh, first, i + 4, scores, scale);
          for (let r = start; r < rows * row; r += row) capSlopeRow(scores + r, d + r, bytes, softCap);
        }
        const keys = kHere + first * kvInner;
        multiplyRows(d + start, row, keys, kvInner, rows, i + rows - first, dh, dQ + offset + i * step, step);
      }
      for (let j: usize = 0; j < length; j += 4) {
        const rows = min<usize>(4, length - j), depth = min(length - j, window != 0 ? window + 3 : length);
        const at = j * row + (j << 2), target = kvOffset + j * kvStep;
        multiplyColumns(dS + at, row, qHere + j * inner, inner, rows, depth, dh, dK + target, kvStep, follows);
        multiplyColumns(p + at, row, dOutHere + j * inner, inner, rows, depth, dh, dV + target, kvStep, follows);
      }
    }
  }
}
