/** dst [batch, groups, count, width] = src [batch, groups, length, width] at the positions (i32 [count]) of the third axis. */
export function gather_positions(
  src: usize, positions: usize, dst: usize,
  batch: usize, groups: usize, length: usize, width: usize, count: usize,
): void {
  const bytes = width << 2;
  for (let r = batch * groups; r > 0; r--, src += length * bytes) {
    for (let p = positions, end = positions + (count << 2); p < end; p += 4, dst += bytes) {
      memory.copy(dst, src + <usize>load<i32>(p) * bytes, bytes);
    }
  }
}
