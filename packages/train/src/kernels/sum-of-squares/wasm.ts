/** out[0] = sum of x[i]^2 over i < n, accumulated in float64: two lanes each for the first and the second half of a vector, then the rest in order. */
export function sum_of_squares(x: usize, out: usize, n: usize): void {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  const end = x + ((n & ~3) << 2), last = x + (n << 2);
  for (; x < end; x += 16) {
    const v = v128.load(x);
    const a = f64x2.promote_low_f32x4(v);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sums = f64x2.add(low, high);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; x < last; x += 4) {
    const v = <f64>load<f32>(x);
    sum += v * v;
  }
  store<f32>(out, <f32>sum);
}
