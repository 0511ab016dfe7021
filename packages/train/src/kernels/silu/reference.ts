import { type Arena, at } from "../_internal/arena.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** y [n] = x sigmoid(x) (SiLU, Elfwing, Uchibe & Doya 2018; "swish"). */
export function siluForward(arena: Arena, x: number, y: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const value = at(arena, x + i);
    arena[y + i] = value * sigmoid(value);
  }
}

/** dX [n] = dY sigmoid(x) (1 + x (1 - sigmoid(x))), overwritten. */
export function siluBackward(arena: Arena, dY: number, x: number, dX: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const value = at(arena, x + i);
    // 1 - sigmoid(x) is sigmoid(-x), which does not cancel.
    arena[dX + i] = at(arena, dY + i) * sigmoid(value) * (1 + value * sigmoid(-value));
  }
}
