import { tanh4 } from "./tanh";

/** In place, over `bytes` (a multiple of 16) from p: x = cap tanh(x / cap). */
export function capRow(p: usize, bytes: usize, cap: f32): void {
  const cap4 = f32x4.splat(cap), inverse = f32x4.splat(<f32>1.0 / cap);
  for (const end = p + bytes; p < end; p += 16) {
    v128.store(p, f32x4.mul(cap4, tanh4(f32x4.mul(v128.load(p), inverse))));
  }
}

/** In place, over `bytes` (a multiple of 16) from d: d *= 1 - tanh^2(x / cap), the slope of the cap at the uncapped values x. */
export function capSlopeRow(x: usize, d: usize, bytes: usize, cap: f32): void {
  const one = f32x4.splat(1), inverse = f32x4.splat(<f32>1.0 / cap);
  for (const end = d + bytes; d < end; d += 16, x += 16) {
    const t = tanh4(f32x4.mul(v128.load(x), inverse));
    v128.store(d, f32x4.mul(v128.load(d), f32x4.sub(one, f32x4.mul(t, t))));
  }
}
