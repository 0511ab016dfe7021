import { type Arena, at } from "../_internal/arena.ts";

/** out[0] = sum over i < n of x[i]^2, from the first to the last. */
export function sumOfSquares(arena: Arena, x: number, out: number, n: number): void {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += at(arena, x + i) ** 2;
  arena[out] = sum;
}
