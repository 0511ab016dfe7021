import { transpose4 } from "../_wasm/pack";
import { edgeTileBytes, scratch } from "../_wasm/scratch";
import { ceil4, vectorEnd } from "../_wasm/simd";
import { excluded, softmaxRow } from "../_wasm/softmax";
import { tileColumns4, tileColumns8, tileRows4, tileRows8 } from "../_wasm/tile";

// One (sequence, head) at a time, in tiles of four rows; tiles above the diagonal are never computed. With T4, D4 = length, dh rounded up to multiples of 4,
// the scratch holds, after the edge tile: a transposed matrix [dh, T4], a score matrix [T4, T4] (four rows of it in the forward pass), the probabilities
// [T4, T4], and up to three copies [length, D4] of matrices whose rows are not a multiple of four floats.

/** t [n, ceil4(rows)] = transpose of s [rows, n] (rows sStep bytes apart), padded with zeros. */
function transposePadded(s: usize, sStep: usize, rows: usize, n: usize, t: usize): void {
  const tStep = ceil4(rows) << 2;
  const wholeRows = rows & ~3, wholeColumns = n & ~3;
  for (let i: usize = 0; i < wholeRows; i += 4) {
    for (let j: usize = 0; j < wholeColumns; j += 4) {
      transpose4(s + i * sStep + (j << 2), sStep, t + j * tStep + (i << 2), tStep);
    }
  }
  for (let j: usize = 0; j < n; j++) {
    for (let i = j < wholeColumns ? wholeRows : 0; i < ceil4(rows); i++) {
      store<f32>(t + j * tStep + (i << 2), i < rows ? load<f32>(s + i * sStep + (j << 2)) : 0);
    }
  }
}

/** t [n] = s [n]; a loop, because a bulk copy costs a call out of the module for each short row. */
function copyRow(s: usize, t: usize, n: usize): void {
  const end = vectorEnd(t, n), last = t + (n << 2);
  for (; t < end; t += 16, s += 16) v128.store(t, v128.load(s));
  for (; t < last; t += 4, s += 4) store<f32>(t, load<f32>(s));
}

/** t [rows, ceil4(n)] = s [rows, n] (rows sStep bytes apart), padded with zeros. */
function copyPadded(s: usize, sStep: usize, rows: usize, n: usize, t: usize): void {
  const tStep = ceil4(n) << 2;
  for (let i: usize = 0; i < rows; i++, s += sStep, t += tStep) {
    v128.store(t + tStep - 16, f32x4.splat(0));
    copyRow(s, t, n);
  }
}

/** c [rows, n], four rows at most (cStep bytes apart), = A [rows, k] B with A by rows (aStep) and B padded to D4 columns. */
function multiplyRows(
  a: usize, aStep: usize, b: usize, bStep: usize, rows: usize, k: usize, n: usize, c: usize, cStep: usize,
): void {
  const a1 = rows > 1 ? a + aStep : a, a2 = rows > 2 ? a1 + aStep : a1, a3 = rows > 3 ? a2 + aStep : a2;
  let j: usize = 0;
  if (rows >= 4) {
    for (; j + 8 <= n; j += 8) tileRows8(a, a1, a2, a3, b + (j << 2), bStep, k, c + (j << 2), cStep, 0, 0, 1);
    for (; j + 4 <= n; j += 4) tileRows4(a, a1, a2, a3, b + (j << 2), bStep, k, c + (j << 2), cStep, 0, 0, 1);
  }
  for (; j < n; j += 4) {
    tileRows4(a, a1, a2, a3, b + (j << 2), bStep, k, scratch, 16, 0, 0, 1);
    storeEdge(min<usize>(rows, 4), min<usize>(n - j, 4), c + (j << 2), cStep);
  }
}

/** c [rows, n], four rows at most, = A^T B with A k-major (four floats at a + p * aStep) and B padded to D4 columns. */
function multiplyColumns(
  a: usize, aStep: usize, b: usize, bStep: usize, rows: usize, k: usize, n: usize, c: usize, cStep: usize,
): void {
  let j: usize = 0;
  if (rows >= 4) {
    for (; j + 8 <= n; j += 8) tileColumns8(a, aStep, b + (j << 2), bStep, k, c + (j << 2), cStep, 0, 0, 1);
    for (; j + 4 <= n; j += 4) tileColumns4(a, aStep, b + (j << 2), bStep, k, c + (j << 2), cStep, 0, 0, 1);
  }
  for (; j < n; j += 4) {
    tileColumns4(a, aStep, b + (j << 2), bStep, k, scratch, 16, 0, 0, 1);
    storeEdge(min<usize>(rows, 4), min<usize>(n - j, 4), c + (j << 2), cStep);
  }
}

/** Copies rows x columns entries of the edge tile (rows 16 bytes apart) to c. */
function storeEdge(rows: usize, columns: usize, c: usize, cStep: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      store<f32>(c + i * cStep + (j << 2), load<f32>(scratch + (i << 4) + (j << 2)));
    }
  }
}

/** Four score rows from row i: c [4, ceil4(columns)] = scale * A B, A [rows, dh] by rows, B [dh, T4]. */
function scoreRows(
  a: usize, aStep: usize, b: usize, bStep: usize, rows: usize, dh: usize, columns: usize, c: usize, scale: f32,
): void {
  const a1 = rows > 1 ? a + aStep : a, a2 = rows > 2 ? a1 + aStep : a1, a3 = rows > 3 ? a2 + aStep : a2;
  let j: usize = 0;
  for (; j + 8 <= columns; j += 8) tileRows8(a, a1, a2, a3, b + (j << 2), bStep, dh, c + (j << 2), bStep, 0, 0, scale);
  for (; j < columns; j += 4) tileRows4(a, a1, a2, a3, b + (j << 2), bStep, dh, c + (j << 2), bStep, 0, 0, scale);
}

/** probs = causal softmax(q k^T / sqrt(dh)) [batch, heads, length, length], out = probs v; q, k, v, out [batch length, heads dh]. */
export function attention_forward(
  q: usize, k: usize, v: usize, probs: usize, out: usize,
  batch: usize, heads: usize, length: usize, dh: usize,
): void {
  const step = (heads * dh) << 2, t4 = ceil4(length), row = t4 << 2;
  const keys = scratch + edgeTileBytes, scores = keys + dh * row, values = scores + 4 * row;
  const scale: f32 = 1.0 / sqrt<f32>(<f32>dh);
  const aligned = (dh & 3) == 0;
  const vStep = aligned ? step : ceil4(dh) << 2;
  for (let b: usize = 0; b < batch; b++) {
    for (let h: usize = 0; h < heads; h++) {
      const offset = b * length * step + ((h * dh) << 2);
      transposePadded(k + offset, step, length, dh, keys);
      if (!aligned) copyPadded(v + offset, step, length, dh, values);
      const vHere = aligned ? v + offset : values;
      for (let i: usize = 0; i < length; i += 4) {
        const rows = min<usize>(4, length - i);
        scoreRows(q + offset + i * step, step, keys, row, rows, dh, i + 4, scores, scale);
        const bytes = (i + 4) << 2;
        for (let r: usize = 0; r < rows; r++) {
          const p = scores + r * row;
          for (let j = (i + r + 1) << 2; j < bytes; j += 4) store<f32>(p + j, excluded);
          softmaxRow(p, bytes);
          for (let j = bytes; j < row; j += 16) v128.store(p + j, f32x4.splat(0));
          copyRow(p, probs, length);
          probs += length << 2;
        }
        multiplyRows(scores, row, vHere, vStep, rows, i + rows, dh, out + offset + i * step, step);
      }
    }
  }
}

/** With dP = dOut v^T and dS = P (dP - rowsum(P dP)) / sqrt(dh): dQ = dS k, dK = dS^T q, dV = P^T dOut; all three overwritten. */
export function attention_backward(
  dOut: usize, q: usize, k: usize, v: usize, probs: usize, dQ: usize, dK: usize, dV: usize,
  batch: usize, heads: usize, length: usize, dh: usize,
): void {
  const step = (heads * dh) << 2, t4 = ceil4(length), row = t4 << 2, d4 = ceil4(dh) << 2;
  const valuesT = scratch + edgeTileBytes, dS = valuesT + dh * row, p4 = dS + t4 * row;
  const k4 = p4 + t4 * row, q4 = k4 + length * d4, dOut4 = q4 + length * d4;
  const scale: f32 = 1.0 / sqrt<f32>(<f32>dh);
  const aligned = (dh & 3) == 0, whole = (length & 3) == 0;
  const inner = aligned ? step : d4;
  for (let b: usize = 0; b < batch; b++) {
    for (let h: usize = 0; h < heads; h++) {
      const offset = b * length * step + ((h * dh) << 2);
      transposePadded(v + offset, step, length, dh, valuesT);
      let p = probs, kHere = k + offset, qHere = q + offset, dOutHere = dOut + offset;
      if (!whole) {
        p = p4;
        copyPadded(probs, length << 2, length, length, p4);
      }
      if (!aligned) {
        copyPadded(kHere, step, length, dh, k4);
        copyPadded(qHere, step, length, dh, q4);
        copyPadded(dOutHere, step, length, dh, dOut4);
        kHere = k4; qHere = q4; dOutHere = dOut4;
      }
      probs += length * (length << 2);
      for (let i: usize = 0; i < length; i += 4) {
        const rows = min<usize>(4, length - i);
        scoreRows(dOut + offset + i * step, step, valuesT, row, rows, dh, i + 4, dS + i * row, 1);
        for (let r = i; r < i + rows; r++) slopeRow(p + r * row, dS + r * row, (i + 4) << 2, scale);
        multiplyRows(dS + i * row, row, kHere, inner, rows, i + rows, dh, dQ + offset + i * step, step);
      }
      for (let j: usize = 0; j < length; j += 4) {
        const rows = min<usize>(4, length - j), depth = length - j;
        const at = j * row + (j << 2), target = offset + j * step;
        multiplyColumns(dS + at, row, qHere + j * inner, inner, rows, depth, dh, dK + target, step);
        multiplyColumns(p + at, row, dOutHere + j * inner, inner, rows, depth, dh, dV + target, step);
      }
    }
  }
}

/** In place, over `bytes` from d: d = scale * p (d - sum(p d)). Entries above the diagonal, where p = 0, become 0. */
function slopeRow(p: usize, d: usize, bytes: usize, scale: f32): void {
  let sum4 = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) sum4 = f32x4.add(sum4, f32x4.mul(v128.load(p + i), v128.load(d + i)));
  const s = f32x4.add(sum4, v128.shuffle<f32>(sum4, sum4, 2, 3, 0, 1));
  const mean = f32x4.splat(f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1));
  const scale4 = f32x4.splat(scale);
  for (let i: usize = 0; i < bytes; i += 16) {
    const slope = f32x4.mul(v128.load(p + i), f32x4.sub(v128.load(d + i), mean));
    v128.store(d + i, f32x4.mul(slope, scale4));
  }
}
