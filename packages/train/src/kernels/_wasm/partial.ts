/** The `width` (1 to 3) floats at p as a vector, the other lanes zero. */
// @ts-ignore: decorator
@inline
export function loadPartial(p: usize, width: usize): v128 {
  let v = f32x4.replace_lane(f32x4.splat(0), 0, load<f32>(p));
  if (width > 1) v = f32x4.replace_lane(v, 1, load<f32>(p, 4));
  if (width > 2) v = f32x4.replace_lane(v, 2, load<f32>(p, 8));
  return v;
}

/** Stores the first `width` (1 to 3) lanes of v at p. */
// @ts-ignore: decorator
@inline
export function storePartial(p: usize, v: v128, width: usize): void {
  store<f32>(p, f32x4.extract_lane(v, 0));
  if (width > 1) store<f32>(p, f32x4.extract_lane(v, 1), 4);
  if (width > 2) store<f32>(p, f32x4.extract_lane(v, 2), 8);
}
