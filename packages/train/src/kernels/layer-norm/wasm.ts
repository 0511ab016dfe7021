import { laneSum, madd, vectorEnd } from "../_wasm/simd";

/** y = (x - mean) rstd gain + bias, rstd = 1 / sqrt(variance + eps); x, y [rows, d], mean, rstd [rows]; bias may be absent (0). */
export function layer_norm_forward(
  x: usize, gain: usize, bias: usize, y: usize, mean: usize, rstd: usize,
  rows: usize, d: usize, eps: f32,
): void {
  const bytes = d << 2;
  const inverse: f32 = 1.0 / <f32>d;
  for (let r: usize = 0; r < rows; r++, x += bytes, y += bytes) {
    const end = vectorEnd(x, d), last = x + bytes;
    let sums = f32x4.splat(0);
    let p = x;
    for (; p < end; p += 16) sums = f32x4.add(sums, v128.load(p));
    let sum = laneSum(sums);
    for (; p < last; p += 4) sum += load<f32>(p);
    const mu = sum * inverse;
    const mu4 = f32x4.splat(mu);

    sums = f32x4.splat(0);
    for (p = x; p < end; p += 16) {
      const c = f32x4.sub(v128.load(p), mu4);
      sums = madd(c, c, sums);
    }
    sum = laneSum(sums);
    for (; p < last; p += 4) {
      const c = load<f32>(p) - mu;
      sum += c * c;
    }
    const s: f32 = 1.0 / sqrt<f32>(sum * inverse + eps);
    const s4 = f32x4.splat(s);
    store<f32>(mean + (r << 2), mu);
    store<f32>(rstd + (r << 2), s);

    let g = gain, b = bias, q = y;
    if (bias == 0) {
      for (p = x; p < end; p += 16, q += 16, g += 16) {
        v128.store(q, f32x4.mul(f32x4.mul(f32x4.sub(v128.load(p), mu4), s4), v128.load(g)));
      }
      for (; p < last; p += 4, q += 4, g += 4) store<f32>(q, (load<f32>(p) - mu) * s * load<f32>(g));
      continue;
    }
    for (p = x; p < end; p += 16, q += 16, g += 16, b += 16) {
      v128.store(q, madd(f32x4.mul(f32x4.sub(v128.load(p), mu4), s4), v128.load(g), v128.load(b)));
    }
    for (; p < last; p += 4, q += 4, g += 4, b += 4) {
      store<f32>(q, (load<f32>(p) - mu) * s * load<f32>(g) + load<f32>(b));
    }
  }
}

/**
 * With n = (x - mean) rstd and h = dY gain: dX += rstd (h - mean(h) - n mean(h n)), dGain += sum over rows of dY n, dBias += sum over rows of dY. Each of
 * the three may be absent (0).
 */
export function layer_norm_backward(
  dY: usize, x: usize, gain: usize, mean: usize, rstd: usize, dX: usize, dGain: usize, dBias: usize,
  rows: usize, d: usize,
): void {
  const bytes = d << 2, vectors = (d & ~3) << 2;
  const inverse: f32 = 1.0 / <f32>d;
  for (let r: usize = 0; r < rows; r++, x += bytes, dY += bytes) {
    const mu = load<f32>(mean + (r << 2)), s = load<f32>(rstd + (r << 2));
    const mu4 = f32x4.splat(mu), s4 = f32x4.splat(s);
    let i: usize = 0;
    let sumH4 = f32x4.splat(0), sumHN4 = f32x4.splat(0);
    for (; i < vectors; i += 16) {
      const n = f32x4.mul(f32x4.sub(v128.load(x + i), mu4), s4);
      const g = v128.load(dY + i);
      const h = f32x4.mul(g, v128.load(gain + i));
      sumH4 = f32x4.add(sumH4, h);
      sumHN4 = madd(h, n, sumHN4);
      if (dGain != 0) v128.store(dGain + i, madd(g, n, v128.load(dGain + i)));
      if (dBias != 0) v128.store(dBias + i, f32x4.add(g, v128.load(dBias + i)));
    }
    let sumH = laneSum(sumH4), sumHN = laneSum(sumHN4);
    for (; i < bytes; i += 4) {
      const n = (load<f32>(x + i) - mu) * s;
      const g = load<f32>(dY + i);
      const h = g * load<f32>(gain + i);
      sumH += h;
      sumHN += h * n;
      if (dGain != 0) store<f32>(dGain + i, g * n + load<f32>(dGain + i));
      if (dBias != 0) store<f32>(dBias + i, g + load<f32>(dBias + i));
    }
    if (dX == 0) continue;
    const meanH = sumH * inverse, meanHN = sumHN * inverse;
    const meanH4 = f32x4.splat(meanH), meanHN4 = f32x4.splat(-meanHN);
    for (i = 0; i < vectors; i += 16) {
      const n = f32x4.mul(f32x4.sub(v128.load(x + i), mu4), s4);
      const h = f32x4.mul(v128.load(dY + i), v128.load(gain + i));
      v128.store(dX + i, madd(madd(n, meanHN4, f32x4.sub(h, meanH4)), s4, v128.load(dX + i)));
    }
    for (; i < bytes; i += 4) {
      const n = (load<f32>(x + i) - mu) * s;
      const h = load<f32>(dY + i) * load<f32>(gain + i);
      store<f32>(dX + i, (h - meanH - n * meanHN) * s + load<f32>(dX + i));
    }
    dX += bytes;
  }
}
