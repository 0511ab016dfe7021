import { matrixVector, outerProduct, vectorMatrix } from "./gemv";
import { packColumns4, packColumns8, packRows4, packRows8, panels8Bytes } from "./pack";
import { edgeTileBytes, scratch } from "./scratch";
import { rowOf, tileColumns4, tileColumns6x8, tileColumns8 } from "./tile";

// Matrix products of row-major matrices in the manner of Goto and van de Geijn (2008): B is packed into panels of eight columns, a few rows of A at a time into
// panels of four, and register tiles run over the panels. The inner dimension is split into blocks of blockDepth, so that one panel of B stays in the level-1
// cache. The order of summation depends on the shape alone.

/** Inner dimension of one block. */
const blockDepth: usize = 256;
/** Rows of A that are packed at a time: the packed block stays in the level-2 cache while one panel of B after the other passes; a multiple of 12. */
const blockRows: usize = 96;

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

/** C [m, n] (rows n floats apart) = addend + bias + scale * A B for packed A (m at most blockRows) and packed B, inner dimension k. */
function multiplyPanels(
  panelsA: usize, panelsB: usize, m: usize, k: usize, n: usize,
  c: usize, addend: usize, bias: usize, scale: f32,
): void {
  const cStep = n << 2, rowBytes = k << 2;
  for (let j: usize = 0; j < n; j += 8) {
    const columns = n - j;
    const b = panelsB + j * rowBytes;
    const biasHere = bias != 0 ? bias + (j << 2) : 0;
    let i: usize = 0;
    // Three panels of four rows are two tiles of six: the middle panel is split.
    for (; columns >= 8 && i + 12 <= m; i += 12) {
      const a = panelsA + i * rowBytes, middle = a + 4 * rowBytes, at = i * cStep + (j << 2), below = at + 6 * cStep;
      tileColumns6x8(a, middle, false, b, k, c + at, cStep, rowOf(addend, at), biasHere, scale);
      tileColumns6x8(a + 8 * rowBytes, middle + 8, true, b, k, c + below, cStep, rowOf(addend, below), biasHere, scale);
    }
    for (; i < m; i += 4) {
      const rows = m - i;
      const a = panelsA + i * rowBytes;
      const offset = i * cStep + (j << 2);
      const addendHere = addend != 0 ? addend + offset : 0;
      if (rows >= 4 && columns >= 8) {
        tileColumns8(a, 16, b, 32, k, c + offset, cStep, addendHere, biasHere, scale);
      } else if (rows >= 4 && columns == 4) {
        tileColumns4(a, 16, b, 32, k, c + offset, cStep, addendHere, biasHere, scale);
      } else {
        if (columns > 4) tileColumns8(a, 16, b, 32, k, scratch, 32, 0, 0, scale);
        else tileColumns4(a, 16, b, 32, k, scratch, 32, 0, 0, scale);
        storeEdge(min<usize>(4, rows), min<usize>(8, columns), c + offset, cStep, addendHere, biasHere);
      }
    }
  }
}

/** C [m, n] = addend + bias + scale * op(A) op(B), op the transpose where asked for; the product has inner dimension k. addend may equal C. */
// @ts-ignore: decorator
@inline
function multiply(
  a: usize, transposeA: bool, b: usize, transposeB: bool, m: usize, k: usize, n: usize,
  c: usize, addend: usize, bias: usize, scale: f32,
): void {
  const panelsB = scratch + edgeTileBytes;
  const aStep = (transposeA ? m : k) << 2, bStep = (transposeB ? k : n) << 2;
  if (k == 1 && m > 1 && n > 1 && ((m | n) & 3) == 0) {
    outerProduct(a, b, m, n, c, addend, bias, scale);
    return;
  }
  for (let p: usize = 0; p < k; p += blockDepth) {
    const depth = min(blockDepth, k - p);
    if (m == 1 || n == 1) {
      // One factor is a vector, the other a matrix whose rows run along the vector or across it.
      const column = n == 1, vector = (column ? b : a) + (p << 2);
      const matrix = column ? a : b, step = column ? aStep : bStep, size = column ? m : n;
      const addendHere = p == 0 ? addend : c, biasHere = p == 0 ? bias : 0;
      if (column ? !transposeA : transposeB) {
        matrixVector(matrix + (p << 2), step, vector, size, depth, c, addendHere, biasHere, column, scale, panelsB);
      } else {
        vectorMatrix(vector, matrix + p * step, step, depth, size, c, addendHere, biasHere, column, scale);
      }
      continue;
    }
    const panelsA = panelsB + panels8Bytes(depth, n);
    if (transposeB) packRows8(b + (p << 2), bStep, depth, n, panelsB);
    else packColumns8(b + p * bStep, bStep, depth, n, panelsB);
    const addendHere = p == 0 ? addend : c, biasHere = p == 0 ? bias : 0;
    for (let i: usize = 0; i < m; i += blockRows) {
      const rows = min(blockRows, m - i), offset = i * (n << 2);
      if (transposeA) packColumns4(a + p * aStep + (i << 2), aStep, depth, rows, panelsA);
      else packRows4(a + i * aStep + (p << 2), aStep, depth, rows, panelsA);
      multiplyPanels(
        panelsA, panelsB, rows, depth, n,
        c + offset, addendHere != 0 ? addendHere + offset : 0, biasHere, scale,
      );
    }
  }
}

/** C [m, n] = addend + bias + scale * A [m, k] B [k, n]; addend may equal C. */
export function gemm(
  a: usize, b: usize, m: usize, k: usize, n: usize,
  c: usize, addend: usize, bias: usize, scale: f32,
): void {
  multiply(a, false, b, false, m, k, n, c, addend, bias, scale);
}

/** C [m, n] = addend + bias + scale * A [m, k] B^T with B [n, k]; addend may equal C. */
export function gemmTransposedRight(
  a: usize, b: usize, m: usize, k: usize, n: usize,
  c: usize, addend: usize, bias: usize, scale: f32,
): void {
  multiply(a, false, b, true, m, k, n, c, addend, bias, scale);
}

/** C [m, n] += scale * A^T B with A [k, m], B [k, n]. */
export function gemmTransposedLeft(a: usize, b: usize, m: usize, k: usize, n: usize, c: usize, scale: f32): void {
  multiply(a, true, b, false, m, k, n, c, c, 0, scale);
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
