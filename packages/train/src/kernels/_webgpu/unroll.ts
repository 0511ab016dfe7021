/** The WGSL of `count` steps, one after another. */
export function unroll(count: number, step: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => step(index)).join("\n");
}
