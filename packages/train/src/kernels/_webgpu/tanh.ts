/**
 * `tanh_of(x)`: up to |x| = 5/8 the odd polynomial of `_wasm/tanh.ts`, above it 1 - 2 / (e^(2 |x|) + 1), with |x| at most 10, where tanh is 1 in float32 and the
 * exponential is still finite. The built-in function may overflow. NaN stays NaN.
 */
export const tanhOf = `
fn tanh_of(x: f32) -> f32 {
  let a = select(abs(x), 10.0, abs(x) > 10.0);
  let large = 1.0 - 2.0 / (exp(2.0 * a) + 1.0);
  let u = x * x;
  var q = -0.00570523178;
  q = q * u + 0.02063931;
  q = q * u - 0.0537397842;
  q = q * u + 0.13331443;
  q = q * u - 0.33333282;
  return select(q * u * x + x, select(large, -large, x < 0.0), a > 0.625);
}`;
