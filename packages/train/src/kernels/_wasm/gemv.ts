import { loadPartial, storePartial } from "./partial";
import { packRows4 } from "./pack";
import { madd } from "./simd";
import { finish, rowOf } from "./tile";

// Products with one row, one column or inner dimension 1, which adapters of rank 1 and single rows are made of: what a register tile would pad is left out, and
// every entry is summed and finished exactly as at the edge of a tiled product.

/** The first `width` (1 to 4) entries of scale * v, plus bias (one number for all where `same`) and addend where present. */
// @ts-ignore: decorator
@inline
function finishEntries(v: v128, width: usize, scale: f32, bias: usize, same: bool, addend: usize, c: usize): void {
  let r = f32x4.mul(v, f32x4.splat(scale));
  const whole = width >= 4;
  if (bias != 0) {
    r = f32x4.add(r, same ? v128.load32_splat(bias) : whole ? v128.load(bias) : loadPartial(bias, width));
  }
  if (addend != 0) r = f32x4.add(r, whole ? v128.load(addend) : loadPartial(addend, width));
  if (whole) v128.store(c, r);
  else storePartial(c, r, width);
}

/** c [m] = addend + bias + scale * A b for A [m, k] (rows aStep bytes apart) and b [k]; sixteen rows of A at a time are transposed into `panels`. */
export function matrixVector(
  a: usize, aStep: usize, b: usize, m: usize, k: usize,
  c: usize, addend: usize, bias: usize, same: bool, scale: f32, panels: usize,
): void {
  const panelBytes = k << 4;
  for (let i: usize = 0; i < m; i += 16) {
    const rows = min<usize>(16, m - i);
    packRows4(a + i * aStep, aStep, k, rows, panels);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    // Panels that there are not are read as the first one, and not stored.
    let p0 = panels;
    const d1 = rows > 4 ? panelBytes : 0, d2 = rows > 8 ? panelBytes << 1 : 0, d3 = rows > 12 ? 3 * panelBytes : 0;
    for (let p = b, end = b + (k << 2); p < end; p += 4, p0 += 16) {
      const x = v128.load32_splat(p);
      s0 = madd(x, v128.load(p0), s0);
      s1 = madd(x, v128.load(p0 + d1), s1);
      s2 = madd(x, v128.load(p0 + d2), s2);
      s3 = madd(x, v128.load(p0 + d3), s3);
    }
    for (let r: usize = 0; r < rows; r += 4) {
      const s = r == 0 ? s0 : r == 4 ? s1 : r == 8 ? s2 : s3;
      const at = (i + r) << 2;
      finishEntries(s, rows - r, scale, same ? bias : rowOf(bias, at), same, rowOf(addend, at), c + at);
    }
  }
}

/** c [n] = addend + bias + scale * a^T B for a [k] and B [k, n] (rows bStep bytes apart). */
export function vectorMatrix(
  a: usize, b: usize, bStep: usize, k: usize, n: usize,
  c: usize, addend: usize, bias: usize, same: bool, scale: f32,
): void {
  const end = a + (k << 2);
  let j: usize = 0;
  for (; j + 16 <= n; j += 16) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (let p = a, q = b + (j << 2); p < end; p += 4, q += bStep) {
      const x = v128.load32_splat(p);
      s0 = madd(x, v128.load(q), s0);
      s1 = madd(x, v128.load(q, 16), s1);
      s2 = madd(x, v128.load(q, 32), s2);
      s3 = madd(x, v128.load(q, 48), s3);
    }
    for (let r: usize = 0; r < 16; r += 4) {
      const s = r == 0 ? s0 : r == 4 ? s1 : r == 8 ? s2 : s3;
      const at = (j + r) << 2;
      finishEntries(s, 4, scale, same ? bias : rowOf(bias, at), same, rowOf(addend, at), c + at);
    }
  }
  for (; j < n; j += 4) {
    const width = min<usize>(4, n - j), at = j << 2;
    let s = f32x4.splat(0);
    for (let p = a, q = b + at; p < end; p += 4, q += bStep) {
      s = madd(v128.load32_splat(p), width == 4 ? v128.load(q) : loadPartial(q, width), s);
    }
    finishEntries(s, width, scale, same ? bias : rowOf(bias, at), same, rowOf(addend, at), c + at);
  }
}

/** C [m, n] = addend + bias + scale * a b^T for a [m], b [n], n a multiple of four; addend may equal C. */
export function outerProduct(
  a: usize, b: usize, m: usize, n: usize, c: usize, addend: usize, bias: usize, scale: f32,
): void {
  const s = f32x4.splat(scale), bytes = n << 2;
  for (const end = a + (m << 2); a < end; a += 4, c += bytes) {
    const x = v128.load32_splat(a);
    for (let j: usize = 0; j < bytes; j += 16) {
      finish(madd(x, v128.load(b + j), f32x4.splat(0)), s, rowOf(bias, j), rowOf(addend, j), c + j);
    }
    if (addend != 0) addend += bytes;
  }
}
