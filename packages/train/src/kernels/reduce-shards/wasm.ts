import { vectorEnd } from "../_wasm/simd";

/** out[i] = sum over s < shards, in order, of first[s stride + i], i < n; stride in bytes. */
export function reduce_shards(first: usize, stride: usize, out: usize, shards: usize, n: usize): void {
  const end = vectorEnd(out, n), last = out + (n << 2);
  const span = shards * stride;
  for (; out < end; out += 16, first += 16) {
    let sum = v128.load(first);
    for (let p = first + stride, stop = first + span; p < stop; p += stride) sum = f32x4.add(sum, v128.load(p));
    v128.store(out, sum);
  }
  for (; out < last; out += 4, first += 4) {
    let sum = load<f32>(first);
    for (let p = first + stride, stop = first + span; p < stop; p += stride) sum += load<f32>(p);
    store<f32>(out, sum);
  }
}
