/** y = x + scale vector at `position` of every sequence (everywhere when it is negative), y = x elsewhere; x, y [batch, length, d]; y may equal x. */
export function add_vector(
  x: usize, vector: usize, y: usize,
  batch: usize, length: usize, d: usize, scale: f32, position: i32,
): void {
  const bytes = d << 2;
  for (let b: usize = 0; b < batch; b++) {
    for (let t: usize = 0; t < length; t++, x += bytes, y += bytes) {
      if (position >= 0 && <usize>position != t) {
        if (x != y) memory.copy(y, x, bytes);
        continue;
      }
      for (let i: usize = 0; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i) + scale * load<f32>(vector + i));
    }
  }
}
