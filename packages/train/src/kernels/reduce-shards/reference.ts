import { type Arena, at } from "../_internal/arena.ts";

/** out[i] = sum over s < shards, in order, of first[s stride + i], for i < n. */
export function reduceShards(
  arena: Arena,
  first: number,
  stride: number,
  out: number,
  shards: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let s = 0; s < shards; s++) sum += at(arena, first + s * stride + i);
    arena[out + i] = sum;
  }
}
