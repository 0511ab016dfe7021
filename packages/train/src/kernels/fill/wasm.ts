import { vectorEnd } from "../_wasm/simd";

/** buffer[i] = value, i < n. */
export function fill(buffer: usize, value: f32, n: usize): void {
  const end = vectorEnd(buffer, n), last = buffer + (n << 2);
  for (; buffer < end; buffer += 16) v128.store(buffer, f32x4.splat(value));
  for (; buffer < last; buffer += 4) store<f32>(buffer, value);
}
