import { ceil8 } from "./simd";

// Copies of a matrix in the order in which register tiles read it. Consecutive loads are then consecutive addresses: a column panel of a matrix whose row is a
// power of two of bytes would fall into a few sets of the level-1 cache.

/** Transposes the 4 x 4 block whose rows are at s, s + sStep, ...; row i of the result goes to t + i * tStep. */
// @ts-ignore: decorator
@inline
export function transpose4(s: usize, sStep: usize, t: usize, tStep: usize): void {
  const r0 = v128.load(s), r1 = v128.load(s + sStep), r2 = v128.load(s + 2 * sStep), r3 = v128.load(s + 3 * sStep);
  const x0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), x1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const y0 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), y1 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(t, v128.shuffle<f32>(x0, y0, 0, 1, 4, 5));
  v128.store(t + tStep, v128.shuffle<f32>(x0, y0, 2, 3, 6, 7));
  v128.store(t + 2 * tStep, v128.shuffle<f32>(x1, y1, 0, 1, 4, 5));
  v128.store(t + 3 * tStep, v128.shuffle<f32>(x1, y1, 2, 3, 6, 7));
}

/** B [k, n], rows bStep bytes apart, as ceil(n / 8) panels [k, 8], the last one padded with zeros. */
export function packColumns8(b: usize, bStep: usize, k: usize, n: usize, panels: usize): void {
  const panelBytes = k << 5;
  let j: usize = 0;
  for (; j + 16 <= n; j += 16) {
    let s = b + (j << 2), t = panels;
    for (const end = t + panelBytes; t < end; t += 32, s += bStep) {
      v128.store(t, v128.load(s));
      v128.store(t, v128.load(s, 16), 16);
      v128.store(t + panelBytes, v128.load(s, 32));
      v128.store(t + panelBytes, v128.load(s, 48), 16);
    }
    panels += panelBytes << 1;
  }
  for (; j < n; j += 8) {
    let s = b + (j << 2), t = panels;
    const width = min<usize>(8, n - j) << 2;
    for (const end = t + panelBytes; t < end; t += 32, s += bStep) {
      if (width == 32) {
        v128.store(t, v128.load(s));
        v128.store(t, v128.load(s, 16), 16);
      } else {
        v128.store(t, f32x4.splat(0));
        v128.store(t, f32x4.splat(0), 16);
        for (let i: usize = 0; i < width; i += 4) store<f32>(t + i, load<f32>(s + i));
      }
    }
    panels += panelBytes;
  }
}

/** The transpose of B [n, k] (rows bStep bytes apart) as ceil(n / 8) panels [k, 8], the last one padded with zeros. */
export function packRows8(b: usize, bStep: usize, k: usize, n: usize, panels: usize): void {
  const whole = k & ~3;
  for (let j: usize = 0; j < n; j += 8, panels += k << 5) {
    const rows = min<usize>(8, n - j);
    const s = b + j * bStep;
    let p: usize = 0;
    if (rows == 8) {
      for (; p < whole; p += 4) {
        transpose4(s + (p << 2), bStep, panels + (p << 5), 32);
        transpose4(s + 4 * bStep + (p << 2), bStep, panels + (p << 5) + 16, 32);
      }
    }
    for (; p < k; p++) {
      for (let i: usize = 0; i < 8; i++) {
        store<f32>(panels + (p << 5) + (i << 2), i < rows ? load<f32>(s + i * bStep + (p << 2)) : 0);
      }
    }
  }
}

/** A [k, m] (rows aStep bytes apart) as ceil(m / 4) k-major panels [k, 4], the last one padded with zeros. */
export function packColumns4(a: usize, aStep: usize, k: usize, m: usize, panels: usize): void {
  const panelBytes = k << 4;
  let i: usize = 0;
  for (; i + 16 <= m; i += 16) {
    let s = a + (i << 2), t = panels;
    for (const end = t + panelBytes; t < end; t += 16, s += aStep) {
      v128.store(t, v128.load(s));
      v128.store(t + panelBytes, v128.load(s, 16));
      v128.store(t + 2 * panelBytes, v128.load(s, 32));
      v128.store(t + 3 * panelBytes, v128.load(s, 48));
    }
    panels += panelBytes << 2;
  }
  for (; i < m; i += 4) {
    let s = a + (i << 2), t = panels;
    const width = min<usize>(4, m - i) << 2;
    for (const end = t + panelBytes; t < end; t += 16, s += aStep) {
      if (width == 16) {
        v128.store(t, v128.load(s));
      } else {
        v128.store(t, f32x4.splat(0));
        for (let e: usize = 0; e < width; e += 4) store<f32>(t + e, load<f32>(s + e));
      }
    }
    panels += panelBytes;
  }
}

/** The transpose of A [m, k] (rows aStep bytes apart) as ceil(m / 4) k-major panels [k, 4], the last one padded with zeros. */
export function packRows4(a: usize, aStep: usize, k: usize, m: usize, panels: usize): void {
  const whole = (k & ~3) << 2, bytes = k << 2;
  for (let i: usize = 0; i < m; i += 4, a += 4 * aStep, panels += k << 4) {
    const rows = m - i;
    let p: usize = 0;
    if (rows >= 4) {
      for (; p < whole; p += 16) transpose4(a + p, aStep, panels + (p << 2), 16);
    }
    for (; p < bytes; p += 4) {
      for (let r: usize = 0; r < 4; r++) {
        store<f32>(panels + (p << 2) + (r << 2), r < rows ? load<f32>(a + r * aStep + p) : 0);
      }
    }
  }
}

/** Bytes of the panels of a [k, n] matrix packed eight columns at a time. */
// @ts-ignore: decorator
@inline
export function panels8Bytes(k: usize, n: usize): usize {
  return (k * ceil8(n)) << 2;
}
