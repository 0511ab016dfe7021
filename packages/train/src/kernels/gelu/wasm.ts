import { exp4 } from "../_wasm/exp";
import { halfErf4 } from "../_wasm/half-erf";
import { loadPartial, storePartial } from "../_wasm/partial";
import { madd, vectorEnd } from "../_wasm/simd";

/** x Phi(x) per lane. */
// @ts-ignore: decorator
@inline
function gelu4(x: v128): v128 {
  return madd(x, halfErf4(x), f32x4.mul(x, f32x4.splat(0.5)));
}

/** Phi(x) + x phi(x) per lane. */
// @ts-ignore: decorator
@inline
function geluSlope4(x: v128): v128 {
  const density = f32x4.mul(exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(0.3989422804));
  return madd(x, density, f32x4.add(halfErf4(x), f32x4.splat(0.5)));
}

/** y = x Phi(x), Phi the normal distribution function; x, y [n]. */
export function gelu_forward(x: usize, y: usize, n: usize): void {
  for (const end = vectorEnd(x, n); x < end; x += 16, y += 16) v128.store(y, gelu4(v128.load(x)));
  const rest = n & 3;
  if (rest) storePartial(y, gelu4(loadPartial(x, rest)), rest);
}

/** dX = dY (Phi(x) + x phi(x)); dY, x, dX [n]; dX may equal dY. */
export function gelu_backward(dY: usize, x: usize, dX: usize, n: usize): void {
  for (const end = vectorEnd(x, n); x < end; x += 16, dY += 16, dX += 16) {
    v128.store(dX, f32x4.mul(v128.load(dY), geluSlope4(v128.load(x))));
  }
  const rest = n & 3;
  if (rest) storePartial(dX, f32x4.mul(loadPartial(dY, rest), geluSlope4(loadPartial(x, rest))), rest);
}
