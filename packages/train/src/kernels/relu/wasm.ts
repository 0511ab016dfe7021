import { vectorEnd } from "../_wasm/simd";

/** y = max(x, 0); x, y [n]. */
export function relu_forward(x: usize, y: usize, n: usize): void {
  const end = vectorEnd(x, n), last = x + (n << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, f32x4.max(v128.load(x), f32x4.splat(0)));
  for (; x < last; x += 4, y += 4) store<f32>(y, max<f32>(load<f32>(x), 0));
}

/** dX = dY where x > 0, else 0; dY, x, dX [n]; dX may equal dY. */
export function relu_backward(dY: usize, x: usize, dX: usize, n: usize): void {
  const end = vectorEnd(x, n), last = x + (n << 2);
  for (; x < end; x += 16, dY += 16, dX += 16) {
    v128.store(dX, v128.and(v128.load(dY), f32x4.gt(v128.load(x), f32x4.splat(0))));
  }
  for (; x < last; x += 4, dY += 4, dX += 4) store<f32>(dX, load<f32>(x) > 0 ? load<f32>(dY) : 0);
}
