/** dst[i] = src[i], i < n. */
export function copy(src: usize, dst: usize, n: usize): void {
  memory.copy(dst, src, n << 2);
}
