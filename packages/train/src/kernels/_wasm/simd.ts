// AssemblyScript helpers shared by every kernel: four-lane arithmetic, horizontal reductions, padding arithmetic, copies of short rows.

/** a * b + c per lane: fused where the module is compiled with relaxed SIMD, two roundings otherwise. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Sum of the four lanes, in the fixed order (0 + 2) + (1 + 3). */
// @ts-ignore: decorator
@inline
export function laneSum(v: v128): f32 {
  const s = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
}

/** Largest of the four lanes. */
// @ts-ignore: decorator
@inline
export function laneMax(v: v128): f32 {
  const s = f32x4.max(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return max<f32>(f32x4.extract_lane(s, 0), f32x4.extract_lane(s, 1));
}

/** n rounded up to a multiple of four. */
// @ts-ignore: decorator
@inline
export function ceil4(n: usize): usize {
  return (n + 3) & ~3;
}

/** n rounded up to a multiple of eight. */
// @ts-ignore: decorator
@inline
export function ceil8(n: usize): usize {
  return (n + 7) & ~7;
}

/** Byte address of the end of the whole vectors in n floats from p: loops run vectors up to it, then single floats. */
// @ts-ignore: decorator
@inline
export function vectorEnd(p: usize, n: usize): usize {
  return p + ((n & ~3) << 2);
}

/** t [n] = s [n]; a loop, because a bulk copy costs a call out of the module for each short row. */
export function copyRow(s: usize, t: usize, n: usize): void {
  const end = vectorEnd(t, n), last = t + (n << 2);
  for (; t < end; t += 16, s += 16) v128.store(t, v128.load(s));
  for (; t < last; t += 4, s += 4) store<f32>(t, load<f32>(s));
}
