import { loadPartial, storePartial } from "../_wasm/partial";
import { madd } from "../_wasm/simd";

/** Lanes 0, 2 of v, w (the first elements of four pairs), and lanes 1, 3. */
// @ts-ignore: decorator
@inline
function evens(v: v128, w: v128): v128 {
  return v128.shuffle<f32>(v, w, 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
function odds(v: v128, w: v128): v128 {
  return v128.shuffle<f32>(v, w, 1, 3, 5, 7);
}

/** Pairs (i, i + pairs) of one head. */
function rotateHalves(x: usize, angles: usize, y: usize, pairs: usize, direction: f32): void {
  const half = pairs << 2, vectors = (pairs & ~3) << 2, rest = pairs & 3;
  const sign = f32x4.splat(direction);
  let i: usize = 0;
  for (; i < vectors; i += 16) {
    const a = v128.load(x + i), b = v128.load(x + half + i);
    const cosine = v128.load(angles + i), sine = f32x4.mul(v128.load(angles + half + i), sign);
    v128.store(y + i, madd(a, cosine, f32x4.neg(f32x4.mul(b, sine))));
    v128.store(y + half + i, madd(b, cosine, f32x4.mul(a, sine)));
  }
  if (rest) {
    const a = loadPartial(x + i, rest), b = loadPartial(x + half + i, rest);
    const cosine = loadPartial(angles + i, rest), sine = f32x4.mul(loadPartial(angles + half + i, rest), sign);
    storePartial(y + i, madd(a, cosine, f32x4.neg(f32x4.mul(b, sine))), rest);
    storePartial(y + half + i, madd(b, cosine, f32x4.mul(a, sine)), rest);
  }
}

/** Pairs (2 i, 2 i + 1) of one head. */
function rotateNeighbours(x: usize, angles: usize, y: usize, pairs: usize, direction: f32): void {
  const half = pairs << 2, vectors = (pairs & ~3) << 2;
  const sign = f32x4.splat(direction);
  let i: usize = 0;
  for (; i < vectors; i += 16) {
    const v = v128.load(x + (i << 1)), w = v128.load(x + (i << 1), 16);
    const a = evens(v, w), b = odds(v, w);
    const cosine = v128.load(angles + i), sine = f32x4.mul(v128.load(angles + half + i), sign);
    const first = madd(a, cosine, f32x4.neg(f32x4.mul(b, sine))), second = madd(b, cosine, f32x4.mul(a, sine));
    v128.store(y + (i << 1), v128.shuffle<f32>(first, second, 0, 4, 1, 5));
    v128.store(y + (i << 1), v128.shuffle<f32>(first, second, 2, 6, 3, 7), 16);
  }
  for (; i < half; i += 4) {
    const p = x + (i << 1), q = y + (i << 1);
    const a = load<f32>(p), b = load<f32>(p, 4);
    const cosine = load<f32>(angles + i), sine = load<f32>(angles + half + i) * direction;
    store<f32>(q, a * cosine - b * sine);
    store<f32>(q, b * cosine + a * sine, 4);
  }
}

/** Rotates the pairs of the first rotaryDim coordinates of every head by the angles of its position; x, y [batch length, heads dh], table [nCtx, rotaryDim]. */
export function rotary(
  x: usize, table: usize, y: usize,
  batch: usize, length: usize, heads: usize, dh: usize, rotaryDim: usize, interleaved: i32, direction: f32,
): void {
  const bytes = dh << 2, rotated = rotaryDim << 2;
  for (let b: usize = 0; b < batch; b++) {
    for (let t: usize = 0; t < length; t++) {
      const angles = table + t * rotated;
      for (let h: usize = 0; h < heads; h++, x += bytes, y += bytes) {
        if (interleaved) rotateNeighbours(x, angles, y, rotaryDim >> 1, direction);
        else rotateHalves(x, angles, y, rotaryDim >> 1, direction);
        if (x == y) continue;
        for (let i = rotated; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i));
      }
    }
  }
}
