import { type Arena, at } from "../_internal/arena.ts";

/** dst [batch, groups, count, width] = src [batch, groups, length, width] at the positions [count] of the third axis. */
export function gatherPositions(
  arena: Arena,
  src: number,
  positions: number,
  dst: number,
  batch: number,
  groups: number,
  length: number,
  width: number,
  count: number,
): void {
  for (let r = 0; r < batch * groups; r++) {
    for (let i = 0; i < count; i++) {
      const from = src + (r * length + at(arena, positions + i)) * width;
      arena.copyWithin(dst + (r * count + i) * width, from, from + width);
    }
  }
}
