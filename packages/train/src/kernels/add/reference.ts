import { type Arena, accumulate, at } from "../_internal/arena.ts";

/** dst[i] += src[i] for i < n. */
export function add(arena: Arena, src: number, dst: number, n: number): void {
  for (let i = 0; i < n; i++) accumulate(arena, dst + i, at(arena, src + i));
}
