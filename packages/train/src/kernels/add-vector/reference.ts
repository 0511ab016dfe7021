import { type Arena, at } from "../_internal/arena.ts";

/** y = x + scale vector at `position` of every sequence (everywhere when it is -1), y = x elsewhere; x, y [batch*length, d], vector [d]. */
export function addVector(
  arena: Arena,
  x: number,
  vector: number,
  y: number,
  batch: number,
  length: number,
  d: number,
  scale: number,
  position: number,
): void {
  for (let r = 0; r < batch * length; r++) {
    const touched = position < 0 || r % length === position;
    for (let i = 0; i < d; i++) {
      const value = at(arena, x + r * d + i);
      arena[y + r * d + i] = touched ? value + scale * at(arena, vector + i) : value;
    }
  }
}
