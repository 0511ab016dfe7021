import { type Arena, at } from "../_internal/arena.ts";

/** y [n] = cap tanh(x / cap): the identity near 0, never beyond the cap (Gemma 2, 2024); y may equal x. */
export function softCapForward(arena: Arena, x: number, y: number, n: number, cap: number): void {
  for (let i = 0; i < n; i++) arena[y + i] = cap * Math.tanh(at(arena, x + i) / cap);
}

/** dX [n] = dY (1 - (y / cap)^2) from the capped values y, overwritten; dX may equal dY. */
export function softCapBackward(arena: Arena, dY: number, y: number, dX: number, n: number, cap: number): void {
  for (let i = 0; i < n; i++) {
    const t = at(arena, y + i) / cap;
    arena[dX + i] = at(arena, dY + i) * (1 - t * t);
  }
}
