/**
 * `half_erf(x)` = erf(x / sqrt 2) / 2, so that the normal distribution function is 1/2 + half_erf: the rational function of `_wasm/half-erf.ts`, exactly 1/2
 * with the sign of x from |x| = 5.54 on.
 */
export const halfErf = `
fn half_erf(x: f32) -> f32 {
  let z = clamp(x, -5.5437172, 5.5437172);
  let u = 0.5 * z * z;
  var top = 7.2481143e-07;
  top = top * u + 0.000100720867;
  top = top * u + 0.00133134373;
  top = top * u + 0.0186494801;
  top = top * u + 0.067318832;
  top = top * u + 0.398942274;
  var bottom = 3.80915428e-05;
  bottom = bottom * u + 0.00116253179;
  bottom = bottom * u + 0.014969201;
  bottom = bottom * u + 0.11410907;
  bottom = bottom * u + 0.502076028;
  bottom = bottom * u + 1.0;
  let inner = x * top / bottom;
  return select(select(inner, -0.5, x <= -5.5437172), 0.5, x >= 5.5437172);
}`;
