import { transpose4 } from "./pack";
import { scratch } from "./scratch";
import { ceil4, copyRow } from "./simd";
import { tileColumns4, tileColumns8, tileRows4, tileRows8 } from "./tile";

// Products of the matrices of one (sequence, head) in tiles of four rows, and the copies that these tiles read. T4, D4 = length, dh rounded up to multiples of 4.

/** t [n, ceil4(rows)] = transpose of s [rows, n] (rows sStep bytes apart), padded with zeros. */
export function transposePadded(s: usize, sStep: usize, rows: usize, n: usize, t: usize): void {
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

/** t [rows, ceil4(n)] = s [rows, n] (rows sStep bytes apart), padded with zeros. */
export function copyPadded(s: usize, sStep: usize, rows: usize, n: usize, t: usize): void {
  const tStep = ceil4(n) << 2;
  for (let i: usize = 0; i < rows; i++, s += sStep, t += tStep) {
    v128.store(t + tStep - 16, f32x4.splat(0));
    copyRow(s, t, n);
  }
}

/** t [length, T4] = s [length, length] on and below the diagonal, 0 above it, whatever s holds there. */
export function copyCausal(s: usize, length: usize, t: usize): void {
  const tStep = ceil4(length) << 2, sStep = length << 2;
  for (let i: usize = 0; i < length; i++, s += sStep, t += tStep) {
    for (let j: usize = 0; j < tStep; j += 16) v128.store(t + j, f32x4.splat(0));
    copyRow(s, t, i + 1);
  }
}

/** Copies rows x columns entries of the edge tile (rows 16 bytes apart) to c. */
function storeEdge(rows: usize, columns: usize, c: usize, cStep: usize, accumulate: bool): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const at = c + i * cStep + (j << 2);
      const value = load<f32>(scratch + (i << 4) + (j << 2));
      store<f32>(at, accumulate ? load<f32>(at) + value : value);
    }
  }
}

/** c [rows, n], four rows at most (cStep bytes apart), = A [rows, k] B with A by rows (aStep) and B padded to D4 columns. */
export function multiplyRows(
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
    storeEdge(min<usize>(rows, 4), min<usize>(n - j, 4), c + (j << 2), cStep, false);
  }
}

/** c [rows, n], four rows at most, = A^T B, or += where `accumulate`, with A k-major (four floats at a + p * aStep) and B padded to D4 columns. */
export function multiplyColumns(
  a: usize, aStep: usize, b: usize, bStep: usize, rows: usize, k: usize, n: usize,
  c: usize, cStep: usize, accumulate: bool,
): void {
  let j: usize = 0;
  if (rows >= 4) {
    for (; j + 8 <= n; j += 8) {
      const at = c + (j << 2);
      tileColumns8(a, aStep, b + (j << 2), bStep, k, at, cStep, accumulate ? at : 0, 0, 1);
    }
    for (; j + 4 <= n; j += 4) {
      const at = c + (j << 2);
      tileColumns4(a, aStep, b + (j << 2), bStep, k, at, cStep, accumulate ? at : 0, 0, 1);
    }
  }
  for (; j < n; j += 4) {
    tileColumns4(a, aStep, b + (j << 2), bStep, k, scratch, 16, 0, 0, 1);
    storeEdge(min<usize>(rows, 4), min<usize>(n - j, 4), c + (j << 2), cStep, accumulate);
  }
}

/** Columns `first` (a multiple of 4) to `columns` of four score rows c [4, T4] = scale * A B, A [rows, dh] by rows, B [dh, T4]. */
export function scoreRows(
  a: usize, aStep: usize, b: usize, bStep: usize, rows: usize, dh: usize,
  first: usize, columns: usize, c: usize, scale: f32,
): void {
  const a1 = rows > 1 ? a + aStep : a, a2 = rows > 2 ? a1 + aStep : a1, a3 = rows > 3 ? a2 + aStep : a2;
  let j = first;
  for (; j + 8 <= columns; j += 8) tileRows8(a, a1, a2, a3, b + (j << 2), bStep, dh, c + (j << 2), bStep, 0, 0, scale);
  for (; j < columns; j += 4) tileRows4(a, a1, a2, a3, b + (j << 2), bStep, dh, c + (j << 2), bStep, 0, 0, scale);
}

/** In place, over `bytes` from d: d = scale * p (d - sum(p d)). Entries that a query does not see, where p = 0, become 0. */
export function slopeRow(p: usize, d: usize, bytes: usize, scale: f32): void {
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

/** The first column, a multiple of 4, that the queries i, i + 1, ... may see: keys from i + 1 - window on, all where the window is 0. */
// @ts-ignore: decorator
@inline
export function firstColumn(i: usize, window: usize): usize {
  return window != 0 && i + 1 > window ? (i + 1 - window) & ~3 : 0;
}
