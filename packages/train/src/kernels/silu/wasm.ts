import { exp4 } from "../_wasm/exp";
import { loadPartial, storePartial } from "../_wasm/partial";
import { madd, vectorEnd } from "../_wasm/simd";

/**
 * From here down, x sigmoid(x) is 0 in float32; the clamp keeps the product of a huge x and the smallest sigmoid that exp4 gives at 0 too. It is made by pmax,
 * one instruction where max is several, which keeps a NaN in its first operand.
 */
const lowest: f32 = -100.0;

/** x sigmoid(x) per lane. */
// @ts-ignore: decorator
@inline
function silu4(x: v128): v128 {
  const z = f32x4.pmax(x, f32x4.splat(lowest));
  return f32x4.div(z, f32x4.add(exp4(f32x4.neg(z)), f32x4.splat(1)));
}

/** sigmoid(x) (1 + x (1 - sigmoid(x))) per lane, with 1 - sigmoid(x) = e^-x sigmoid(x), which does not cancel. */
// @ts-ignore: decorator
@inline
function siluSlope4(x: v128): v128 {
  const z = f32x4.pmax(x, f32x4.splat(lowest));
  const e = exp4(f32x4.neg(z));
  const s = f32x4.div(f32x4.splat(1), f32x4.add(e, f32x4.splat(1)));
  return f32x4.mul(s, madd(z, f32x4.mul(e, s), f32x4.splat(1)));
}

/** y = x sigmoid(x); x, y [n]. */
export function silu_forward(x: usize, y: usize, n: usize): void {
  for (const end = vectorEnd(x, n); x < end; x += 16, y += 16) v128.store(y, silu4(v128.load(x)));
  const rest = n & 3;
  if (rest) storePartial(y, silu4(loadPartial(x, rest)), rest);
}

/** dX = dY sigmoid(x) (1 + x (1 - sigmoid(x))); dY, x, dX [n]; dX may equal dY. */
export function silu_backward(dY: usize, x: usize, dX: usize, n: usize): void {
  for (const end = vectorEnd(x, n); x < end; x += 16, dY += 16, dX += 16) {
    v128.store(dX, f32x4.mul(v128.load(dY), siluSlope4(v128.load(x))));
  }
  const rest = n & 3;
  if (rest) storePartial(dX, f32x4.mul(loadPartial(dY, rest), siluSlope4(loadPartial(x, rest))), rest);
}
