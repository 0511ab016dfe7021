import { copyRow, vectorEnd } from "../_wasm/simd";

/** out[b, t] = wE[tokens[b, t]] + wPos[t]; tokens i32 [batch, length], out [batch, length, d]; wPos may be absent (0). */
export function embed_forward(
  tokens: usize, wE: usize, wPos: usize, out: usize,
  batch: usize, length: usize, d: usize,
): void {
  const bytes = d << 2;
  for (let b: usize = 0; b < batch; b++) {
    for (let t: usize = 0; t < length; t++, tokens += 4) {
      let e = wE + <usize>load<i32>(tokens) * bytes;
      if (wPos == 0) {
        copyRow(e, out, d);
        out += bytes;
        continue;
      }
      let p = wPos + t * bytes;
      const end = vectorEnd(out, d), last = out + bytes;
      for (; out < end; out += 16, e += 16, p += 16) v128.store(out, f32x4.add(v128.load(e), v128.load(p)));
      for (; out < last; out += 4, e += 4, p += 4) store<f32>(out, load<f32>(e) + load<f32>(p));
    }
  }
}

/** dst [d] += src [d]. */
function addRow(src: usize, dst: usize, d: usize): void {
  const end = vectorEnd(dst, d), last = dst + (d << 2);
  for (; dst < end; dst += 16, src += 16) v128.store(dst, f32x4.add(v128.load(dst), v128.load(src)));
  for (; dst < last; dst += 4, src += 4) store<f32>(dst, load<f32>(dst) + load<f32>(src));
}

/** dWE[tokens[b, t]] += dOut[b, t], dWPos[t] += dOut[b, t]; either gradient may be absent (0). */
export function embed_backward(
  tokens: usize, dOut: usize, dWE: usize, dWPos: usize,
  batch: usize, length: usize, d: usize,
): void {
  const bytes = d << 2;
  for (let b: usize = 0; b < batch; b++) {
    for (let t: usize = 0; t < length; t++, tokens += 4, dOut += bytes) {
      if (dWE != 0) addRow(dOut, dWE + <usize>load<i32>(tokens) * bytes, d);
      if (dWPos != 0) addRow(dOut, dWPos + t * bytes, d);
    }
  }
}
