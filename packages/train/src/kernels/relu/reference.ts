import { type Arena, at } from "../_internal/arena.ts";

/** y [n] = max(x, 0). */
export function reluForward(arena: Arena, x: number, y: number, n: number): void {
  for (let i = 0; i < n; i++) arena[y + i] = Math.max(at(arena, x + i), 0);
}

/** dX [n] = dY where x > 0, else 0 (also at x = 0); overwritten. */
export function reluBackward(arena: Arena, dY: number, x: number, dX: number, n: number): void {
  for (let i = 0; i < n; i++) arena[dX + i] = at(arena, x + i) > 0 ? at(arena, dY + i) : 0;
}
