import type { Arena } from "../_internal/arena.ts";

/** dst[i] = src[i] for i < n. */
export function copy(arena: Arena, src: number, dst: number, n: number): void {
  arena.copyWithin(dst, src, src + n);
}
