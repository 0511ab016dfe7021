import { type Arena, at } from "../_internal/arena.ts";

/** y [n] = a b, element by element. */
export function multiplyForward(arena: Arena, a: number, b: number, y: number, n: number): void {
  for (let i = 0; i < n; i++) arena[y + i] = at(arena, a + i) * at(arena, b + i);
}

/** dA [n] = dY b, dB [n] = dY a, overwritten; dA may equal dY. */
export function multiplyBackward(
  arena: Arena,
  dY: number,
  a: number,
  b: number,
  dA: number,
  dB: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const g = at(arena, dY + i);
    arena[dA + i] = g * at(arena, b + i);
    arena[dB + i] = g * at(arena, a + i);
  }
}
