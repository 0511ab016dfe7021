import { vectorEnd } from "../_wasm/simd";

/** dst[i] += src[i], i < n. */
export function add(src: usize, dst: usize, n: usize): void {
  const end = vectorEnd(dst, n), last = dst + (n << 2);
  for (; dst < end; dst += 16, src += 16) v128.store(dst, f32x4.add(v128.load(dst), v128.load(src)));
  for (; dst < last; dst += 4, src += 4) store<f32>(dst, load<f32>(dst) + load<f32>(src));
}
