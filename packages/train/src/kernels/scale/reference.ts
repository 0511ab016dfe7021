import { type Arena, at } from "../_internal/arena.ts";

/** x[i] *= factor for i < n. */
export function scale(arena: Arena, x: number, n: number, factor: number): void {
  for (let i = 0; i < n; i++) arena[x + i] = at(arena, x + i) * factor;
}
