import { scratch } from "./scratch";
import { madd } from "./simd";

// Register tiles of a matrix product: C [6, 8], [4, 8] or [4, 4] = addend + bias + scale * (A B), A [6 or 4, k], B [k, 8 or 4]. Every entry is summed in the order
// of the inner dimension, whatever the tile. Twelve accumulators hide the latency of the fused multiply-add, eight nearly do.
//
// B: row p of the tile at b + p * bStep. C: row i at c + i * cStep; `addend` (0 = none) has the row distance of C and may equal c; `bias` (0 = none) is a row.
// A comes in one of two layouts: four row pointers (a row is contiguous in p), or "k-major": the four values of step p at a + p * aStep.
// Steps are in bytes. Tiles are written out by hand: accumulators must be locals to live in registers.

/** Four floats of the result: scale * v, plus bias and addend where present. */
// @ts-ignore: decorator
@inline
export function finish(v: v128, scale: v128, bias: usize, addend: usize, c: usize): void {
  let r: v128;
  if (bias != 0) r = madd(v, scale, v128.load(bias));
  else r = f32x4.mul(v, scale);
  if (addend != 0) r = f32x4.add(r, v128.load(addend));
  v128.store(c, r);
}

/** Stores two vectors per row of a [4, 8] tile. */
// @ts-ignore: decorator
@inline
function finish8(v: v128, w: v128, scale: v128, bias: usize, addend: usize, c: usize): void {
  let r: v128;
  let s: v128;
  if (bias != 0) {
    r = madd(v, scale, v128.load(bias));
    s = madd(w, scale, v128.load(bias, 16));
  } else {
    r = f32x4.mul(v, scale);
    s = f32x4.mul(w, scale);
  }
  if (addend != 0) {
    r = f32x4.add(r, v128.load(addend));
    s = f32x4.add(s, v128.load(addend, 16));
  }
  v128.store(c, r);
  v128.store(c, s, 16);
}

/** The address of row i below `base`, or 0 where there is no base. */
// @ts-ignore: decorator
@inline
export function rowOf(base: usize, offset: usize): usize {
  return base != 0 ? base + offset : 0;
}

/** [4, 8] tile, A by rows. */
export function tileRows8(
  a0: usize, a1: usize, a2: usize, a3: usize, b: usize, bStep: usize, k: usize,
  c: usize, cStep: usize, addend: usize, bias: usize, scale: f32,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  const end = a0 + (k << 2);
  const end2 = a0 + ((k & ~1) << 2);
  while (a0 < end2) {
    let b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
    b += bStep;
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1, 4); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2, 4); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3, 4); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
    b += bStep; a0 += 8; a1 += 8; a2 += 8; a3 += 8;
  }
  if (a0 < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
  }
  const s = f32x4.splat(scale);
  finish8(c00, c01, s, bias, addend, c);
  finish8(c10, c11, s, bias, rowOf(addend, cStep), c + cStep);
  finish8(c20, c21, s, bias, rowOf(addend, 2 * cStep), c + 2 * cStep);
  finish8(c30, c31, s, bias, rowOf(addend, 3 * cStep), c + 3 * cStep);
}

/** [4, 8] tile, A k-major. */
export function tileColumns8(
  a: usize, aStep: usize, b: usize, bStep: usize, k: usize,
  c: usize, cStep: usize, addend: usize, bias: usize, scale: f32,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
    b += bStep; a += aStep;
  }
  const s = f32x4.splat(scale);
  finish8(c00, c01, s, bias, addend, c);
  finish8(c10, c11, s, bias, rowOf(addend, cStep), c + cStep);
  finish8(c20, c21, s, bias, rowOf(addend, 2 * cStep), c + 2 * cStep);
  finish8(c30, c31, s, bias, rowOf(addend, 3 * cStep), c + 3 * cStep);
}

/**
 * [6, 8] tile, A k-major in two parts, four rows at a + p * 16 and two rows at a2 + p * 16; in C the four come first, or the two where `twoFirst`. Rows of B
 * are 32 bytes apart. The sums pass through the scratch memory: stored at once after the loop, each is added to in the order of the loads, and none is spilled.
 */
export function tileColumns6x8(
  a: usize, a2: usize, twoFirst: bool, b: usize, k: usize,
  c: usize, cStep: usize, addend: usize, bias: usize, scale: f32,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0), c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  for (const end = b + (k << 5); b < end; b += 32, a += 16, a2 += 16) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
    x = v128.load32_splat(a2); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
    x = v128.load32_splat(a2, 4); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
  }
  const four = scratch + (<usize>twoFirst << 6), two = twoFirst ? scratch : scratch + 128;
  v128.store(four, c00); v128.store(four, c01, 16); v128.store(four, c10, 32); v128.store(four, c11, 48);
  v128.store(four, c20, 64); v128.store(four, c21, 80); v128.store(four, c30, 96); v128.store(four, c31, 112);
  v128.store(two, c40); v128.store(two, c41, 16); v128.store(two, c50, 32); v128.store(two, c51, 48);
  const s = f32x4.splat(scale);
  for (let t = scratch, end = t + 192; t < end; t += 32, c += cStep) {
    finish8(v128.load(t), v128.load(t, 16), s, bias, addend, c);
    if (addend != 0) addend += cStep;
  }
}

/** [4, 4] tile, A by rows. */
export function tileRows4(
  a0: usize, a1: usize, a2: usize, a3: usize, b: usize, bStep: usize, k: usize,
  c: usize, cStep: usize, addend: usize, bias: usize, scale: f32,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  for (const end = a0 + (k << 2); a0 < end; ) {
    const b0 = v128.load(b);
    c0 = madd(v128.load32_splat(a0), b0, c0);
    c1 = madd(v128.load32_splat(a1), b0, c1);
    c2 = madd(v128.load32_splat(a2), b0, c2);
    c3 = madd(v128.load32_splat(a3), b0, c3);
    b += bStep; a0 += 4; a1 += 4; a2 += 4; a3 += 4;
  }
  const s = f32x4.splat(scale);
  finish(c0, s, bias, addend, c);
  finish(c1, s, bias, rowOf(addend, cStep), c + cStep);
  finish(c2, s, bias, rowOf(addend, 2 * cStep), c + 2 * cStep);
  finish(c3, s, bias, rowOf(addend, 3 * cStep), c + 3 * cStep);
}

/** [4, 4] tile, A k-major. */
export function tileColumns4(
  a: usize, aStep: usize, b: usize, bStep: usize, k: usize,
  c: usize, cStep: usize, addend: usize, bias: usize, scale: f32,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    c0 = madd(v128.load32_splat(a), b0, c0);
    c1 = madd(v128.load32_splat(a, 4), b0, c1);
    c2 = madd(v128.load32_splat(a, 8), b0, c2);
    c3 = madd(v128.load32_splat(a, 12), b0, c3);
    b += bStep; a += aStep;
  }
  const s = f32x4.splat(scale);
  finish(c0, s, bias, addend, c);
  finish(c1, s, bias, rowOf(addend, cStep), c + cStep);
  finish(c2, s, bias, rowOf(addend, 2 * cStep), c + 2 * cStep);
  finish(c3, s, bias, rowOf(addend, 3 * cStep), c + 3 * cStep);
}
