import { laneSum, madd, vectorEnd } from "../_wasm/simd";

/** y = x rstd gain, rstd = 1 / sqrt(mean(x^2) + eps); x, y [rows, d], gain [d], rstd [rows]. */
export function rms_norm_forward(
  x: usize, gain: usize, y: usize, rstd: usize,
  rows: usize, d: usize, eps: f32,
): void {
  const bytes = d << 2;
  const inverse: f32 = 1.0 / <f32>d;
  for (let r: usize = 0; r < rows; r++, x += bytes, y += bytes) {
    const end = vectorEnd(x, d), last = x + bytes;
    let squares = f32x4.splat(0);
    let p = x;
    for (; p < end; p += 16) {
      const v = v128.load(p);
      squares = madd(v, v, squares);
    }
    let square = laneSum(squares);
    for (; p < last; p += 4) square += load<f32>(p) * load<f32>(p);
    const s: f32 = 1.0 / sqrt<f32>(square * inverse + eps);
    const s4 = f32x4.splat(s);
    store<f32>(rstd + (r << 2), s);

    let g = gain, q = y;
    for (p = x; p < end; p += 16, q += 16, g += 16) {
      v128.store(q, f32x4.mul(f32x4.mul(v128.load(p), s4), v128.load(g)));
    }
    for (; p < last; p += 4, q += 4, g += 4) store<f32>(q, load<f32>(p) * s * load<f32>(g));
  }
}

/** With n = x rstd and h = dY gain: dX += rstd (h - n mean(h n)), dGain += sum over rows of dY n. Either may be absent (0). */
export function rms_norm_backward(
  dY: usize, x: usize, gain: usize, rstd: usize, dX: usize, dGain: usize,
  rows: usize, d: usize,
): void {
  const bytes = d << 2, vectors = (d & ~3) << 2;
  const inverse: f32 = 1.0 / <f32>d;
  for (let r: usize = 0; r < rows; r++, x += bytes, dY += bytes) {
    const s = load<f32>(rstd + (r << 2));
    const s4 = f32x4.splat(s);
    let i: usize = 0;
    let sums = f32x4.splat(0);
    for (; i < vectors; i += 16) {
      const n = f32x4.mul(v128.load(x + i), s4);
      const g = v128.load(dY + i);
      sums = madd(f32x4.mul(g, v128.load(gain + i)), n, sums);
      if (dGain != 0) v128.store(dGain + i, madd(g, n, v128.load(dGain + i)));
    }
    let sum = laneSum(sums);
    for (; i < bytes; i += 4) {
      const n = load<f32>(x + i) * s;
      const g = load<f32>(dY + i);
      sum += g * load<f32>(gain + i) * n;
      if (dGain != 0) store<f32>(dGain + i, g * n + load<f32>(dGain + i));
    }
    if (dX == 0) continue;
    const mean = sum * inverse;
    const mean4 = f32x4.splat(-mean);
    for (i = 0; i < vectors; i += 16) {
      const n = f32x4.mul(v128.load(x + i), s4);
      const h = f32x4.mul(v128.load(dY + i), v128.load(gain + i));
      v128.store(dX + i, madd(madd(n, mean4, h), s4, v128.load(dX + i)));
    }
    for (; i < bytes; i += 4) {
      const n = load<f32>(x + i) * s;
      const h = load<f32>(dY + i) * load<f32>(gain + i);
      store<f32>(dX + i, (h - n * mean) * s + load<f32>(dX + i));
    }
    dX += bytes;
  }
}
