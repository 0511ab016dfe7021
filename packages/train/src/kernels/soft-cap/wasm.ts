import { loadPartial, storePartial } from "../_wasm/partial";
import { vectorEnd } from "../_wasm/simd";
import { tanh4 } from "../_wasm/tanh";

/** 1 - (y inverse)^2 per lane. */
// @ts-ignore: decorator
@inline
function slope4(y: v128, inverse: v128): v128 {
  const t = f32x4.mul(y, inverse);
  return f32x4.sub(f32x4.splat(1), f32x4.mul(t, t));
}

/** y = cap tanh(x / cap); x, y [n]; y may equal x. */
export function soft_cap_forward(x: usize, y: usize, n: usize, cap: f32): void {
  const scale = f32x4.splat(cap), inverse = f32x4.splat(<f32>1.0 / cap);
  for (const end = vectorEnd(x, n); x < end; x += 16, y += 16) {
    v128.store(y, f32x4.mul(tanh4(f32x4.mul(v128.load(x), inverse)), scale));
  }
  const rest = n & 3;
  if (rest) storePartial(y, f32x4.mul(tanh4(f32x4.mul(loadPartial(x, rest), inverse)), scale), rest);
}

/** dX = dY (1 - (y / cap)^2); dY, y, dX [n]; dX may equal dY. */
export function soft_cap_backward(dY: usize, y: usize, dX: usize, n: usize, cap: f32): void {
  const inverse = f32x4.splat(<f32>1.0 / cap);
  for (const end = vectorEnd(y, n); y < end; y += 16, dY += 16, dX += 16) {
    v128.store(dX, f32x4.mul(v128.load(dY), slope4(v128.load(y), inverse)));
  }
  const rest = n & 3;
  if (rest) storePartial(dX, f32x4.mul(loadPartial(dY, rest), slope4(loadPartial(y, rest), inverse)), rest);
}
