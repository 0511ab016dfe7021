import { packColumns4, packColumns8, packRows8, panels8Bytes } from "./pack";
import { edgeTileBytes, scratch } from "./scratch";
import { tileColumns4, tileColumns8, tileRows4, tileRows8 } from "./tile";

// Matrix products of row-major matrices, blocked over the inner dimension (blockDepth) so that one panel of B stays in the level-1 cache, and over rows
// (blockRows) so that the rows of A do. The order of summation depends on the shape alone.

/** Inner dimension of one block. */
const blockDepth: usize = 256;
/** Rows of A that are multiplied with one panel of B before the next. */
const blockRows: usize = 32;

/** Copies the first `rows` x `columns` entries of the edge tile (rows 32 bytes apart) to c, with bias and addend as in a tile. */
function storeEdge(rows: usize, columns: usize, c: usize, cStep: usize, addend: usize, bias: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      let v = load<f32>(scratch + (i << 5) + (j << 2));
      if (bias != 0) v += load<f32>(bias + (j << 2));
      if (addend != 0) v += load<f32>(addend + i * cStep + (j << 2));
      store<f32>(c + i * cStep + (j << 2), v);
    }
  }
}

/** C [m, n] = addend + bias + scale * A [m, k] B, with B packed in panels of eight columns and A's rows contiguous. */
function multiplyPanels(
  a: usize, aStep: usize, panels: usize, m: usize, k: usize, n: usize,
  c: usize, addend: usize, bias: usize, scale: f32,
): void {
  const cStep = n << 2;
  for (let i0: usize = 0; i0 < m; i0 += blockRows) {
    const i1 = min(i0 + blockRows, m);
    for (let j: usize = 0; j < n; j += 8) {
      const columns = n - j;
      const panel = panels + j * (k << 2);
      const biasHere = bias != 0 ? bias + (j << 2) : 0;
      for (let i = i0; i < i1; i += 4) {
        const rows = i1 - i;
        const a0 = a + i * aStep;
        const a1 = rows > 1 ? a0 + aStep : a0;
        const a2 = rows > 2 ? a1 + aStep : a1;
        const a3 = rows > 3 ? a2 + aStep : a2;
        const target = c + i * cStep + (j << 2);
        const addendHere = addend != 0 ? addend + i * cStep + (j << 2) : 0;
        if (rows >= 4 && columns >= 8) {
          tileRows8(a0, a1, a2, a3, panel, 32, k, target, cStep, addendHere, biasHere, scale);
        } else if (rows >= 4 && columns == 4) {
          tileRows4(a0, a1, a2, a3, panel, 32, k, target, cStep, addendHere, biasHere, scale);
        } else {
          if (columns > 4) tileRows8(a0, a1, a2, a3, panel, 32, k, scratch, 32, 0, 0, scale);
          else tileRows4(a0, a1, a2, a3, panel, 32, k, scratch, 32, 0, 0, scale);
          storeEdge(min<usize>(4, rows), min<usize>(8, columns), target, cStep, addendHere, biasHere);
        }
      }
    }
  }
}

/** C [m, n] = addend + bias + scale * A [m, k] B [k, n]; addend may equal C. */
export function gemm(
  a: usize, b: usize, m: usize, k: usize, n: usize,
  c: usize, addend: usize, bias: usize, scale: f32,
): void {
  const panels = scratch + edgeTileBytes;
  for (let p: usize = 0; p < k; p += blockDepth) {
    const depth = min(blockDepth, k - p);
    packColumns8(b + p * (n << 2), n << 2, depth, n, panels);
    multiplyPanels(a + (p << 2), k << 2, panels, m, depth, n, c, p == 0 ? addend : c, p == 0 ? bias : 0, scale);
  }
}

/** C [m, n] = addend + bias + scale * A [m, k] B^T with B [n, k]; addend may equal C. */
export function gemmTransposedRight(
  a: usize, b: usize, m: usize, k: usize, n: usize,
  c: usize, addend: usize, bias: usize, scale: f32,
): void {
  const panels = scratch + edgeTileBytes;
  for (let p: usize = 0; p < k; p += blockDepth) {
    const depth = min(blockDepth, k - p);
    packRows8(b + (p << 2), k << 2, depth, n, panels);
    multiplyPanels(a + (p << 2), k << 2, panels, m, depth, n, c, p == 0 ? addend : c, p == 0 ? bias : 0, scale);
  }
}

/** C [m, n] += scale * A^T B with A [k, m], B [k, n]. */
export function gemmTransposedLeft(a: usize, b: usize, m: usize, k: usize, n: usize, c: usize, scale: f32): void {
  const cStep = n << 2;
  const panelsB = scratch + edgeTileBytes;
  for (let p: usize = 0; p < k; p += blockDepth) {
    const depth = min(blockDepth, k - p);
    const panelsA = panelsB + panels8Bytes(depth, n);
    packColumns8(b + p * (n << 2), n << 2, depth, n, panelsB);
    packColumns4(a + p * (m << 2), m << 2, depth, m, panelsA);
    for (let j: usize = 0; j < n; j += 8) {
      const columns = n - j;
      const panel = panelsB + j * (depth << 2);
      for (let i: usize = 0; i < m; i += 4) {
        const rows = m - i;
        const aHere = panelsA + i * (depth << 2);
        const target = c + i * cStep + (j << 2);
        if (rows >= 4 && columns >= 8) {
          tileColumns8(aHere, 16, panel, 32, depth, target, cStep, target, 0, scale);
        } else if (rows >= 4 && columns == 4) {
          tileColumns4(aHere, 16, panel, 32, depth, target, cStep, target, 0, scale);
        } else {
          if (columns > 4) tileColumns8(aHere, 16, panel, 32, depth, scratch, 32, 0, 0, scale);
          else tileColumns4(aHere, 16, panel, 32, depth, scratch, 32, 0, 0, scale);
          storeEdge(min<usize>(4, rows), min<usize>(8, columns), target, cStep, target, 0);
        }
      }
    }
  }
}

/** sums [n] += column sums of a [rows, n]. */
export function addColumnSums(a: usize, rows: usize, n: usize, sums: usize): void {
  let j: usize = 0;
  for (; j + 4 <= n; j += 4) {
    let s = f32x4.splat(0);
    for (let p = a + (j << 2), end = p + rows * (n << 2); p < end; p += n << 2) s = f32x4.add(s, v128.load(p));
    v128.store(sums + (j << 2), f32x4.add(v128.load(sums + (j << 2)), s));
  }
  for (; j < n; j++) {
    let s: f32 = 0;
    for (let p = a + (j << 2), end = p + rows * (n << 2); p < end; p += n << 2) s += load<f32>(p);
    store<f32>(sums + (j << 2), load<f32>(sums + (j << 2)) + s);
  }
}
