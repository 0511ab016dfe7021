import { vectorEnd } from "../_wasm/simd";

/** x[i] *= factor, i < n. */
export function scale(x: usize, n: usize, factor: f32): void {
  const end = vectorEnd(x, n), last = x + (n << 2);
  for (; x < end; x += 16) v128.store(x, f32x4.mul(v128.load(x), f32x4.splat(factor)));
  for (; x < last; x += 4) store<f32>(x, load<f32>(x) * factor);
}
