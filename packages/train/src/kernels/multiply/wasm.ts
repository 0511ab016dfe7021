import { vectorEnd } from "../_wasm/simd";

/** y = a b, element by element; a, b, y [n]. */
export function multiply_forward(a: usize, b: usize, y: usize, n: usize): void {
  const end = vectorEnd(a, n), last = a + (n << 2);
  for (; a < end; a += 16, b += 16, y += 16) v128.store(y, f32x4.mul(v128.load(a), v128.load(b)));
  for (; a < last; a += 4, b += 4, y += 4) store<f32>(y, load<f32>(a) * load<f32>(b));
}

/** dA = dY b, dB = dY a; all [n]; dA may equal dY. */
export function multiply_backward(dY: usize, a: usize, b: usize, dA: usize, dB: usize, n: usize): void {
  const end = vectorEnd(a, n), last = a + (n << 2);
  for (; a < end; a += 16, b += 16, dY += 16, dA += 16, dB += 16) {
    const g = v128.load(dY), x = v128.load(a), y = v128.load(b);
    v128.store(dA, f32x4.mul(g, y));
    v128.store(dB, f32x4.mul(g, x));
  }
  for (; a < last; a += 4, b += 4, dY += 4, dA += 4, dB += 4) {
    const g = load<f32>(dY), x = load<f32>(a), y = load<f32>(b);
    store<f32>(dA, g * y);
    store<f32>(dB, g * x);
  }
}
