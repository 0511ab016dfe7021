import { exp4 } from "../_wasm/exp";
import { loadPartial, storePartial } from "../_wasm/partial";
import { madd, vectorEnd } from "../_wasm/simd";

// With z = 2 sqrt(2 / pi) (x + 0.044715 x^3), (1 + tanh(z / 2)) / 2 is the logistic function of z: y = x / (1 + e^-z), one exponential.

/** 2 sqrt(2 / pi). */
const linear: f32 = 1.5957691216057308;
/** 2 sqrt(2 / pi) 0.044715. */
const cubic: f32 = 0.07135481627260025;
/**
 * Beyond this |x|, y is x or 0 and its slope 1 or 0 in float32; the clamp keeps powers of x finite. It is made by pmin and pmax, one instruction each where min
 * and max are several, which keep a NaN in their first operand.
 */
const bound: f32 = 30.0;

/** e^-z per lane, x within the bound. */
// @ts-ignore: decorator
@inline
function odds4(x: v128): v128 {
  const z = f32x4.mul(x, madd(f32x4.mul(x, x), f32x4.splat(cubic), f32x4.splat(linear)));
  return exp4(f32x4.neg(z));
}

/** GELU in its tanh approximation, per lane. */
// @ts-ignore: decorator
@inline
function geluTanh4(x: v128): v128 {
  const low = f32x4.pmax(x, f32x4.splat(-bound));
  return f32x4.div(low, f32x4.add(odds4(f32x4.pmin(low, f32x4.splat(bound))), f32x4.splat(1)));
}

/** s (1 + x (1 - s) dz/dx) per lane, s = 1 / (1 + e^-z), with 1 - s = e^-z s, which does not cancel. */
// @ts-ignore: decorator
@inline
function geluTanhSlope4(v: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(v, f32x4.splat(-bound)), f32x4.splat(bound));
  const e = odds4(x);
  const s = f32x4.div(f32x4.splat(1), f32x4.add(e, f32x4.splat(1)));
  const dz = madd(f32x4.mul(x, x), f32x4.splat(3 * cubic), f32x4.splat(linear));
  return f32x4.mul(s, madd(f32x4.mul(x, dz), f32x4.mul(e, s), f32x4.splat(1)));
}

/** y = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))); x, y [n]. */
export function gelu_tanh_forward(x: usize, y: usize, n: usize): void {
  for (const end = vectorEnd(x, n); x < end; x += 16, y += 16) v128.store(y, geluTanh4(v128.load(x)));
  const rest = n & 3;
  if (rest) storePartial(y, geluTanh4(loadPartial(x, rest)), rest);
}

/** dX = dY dy/dx; dY, x, dX [n]; dX may equal dY. */
export function gelu_tanh_backward(dY: usize, x: usize, dX: usize, n: usize): void {
  for (const end = vectorEnd(x, n); x < end; x += 16, dY += 16, dX += 16) {
    v128.store(dX, f32x4.mul(v128.load(dY), geluTanhSlope4(v128.load(x))));
  }
  const rest = n & 3;
  if (rest) storePartial(dX, f32x4.mul(loadPartial(dY, rest), geluTanhSlope4(loadPartial(x, rest))), rest);
}
