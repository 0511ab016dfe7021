import { type Arena, at } from "../_internal/arena.ts";
import { erfc } from "../_internal/erf.ts";

/** Phi(x), the standard normal distribution function. */
const distribution = (x: number): number => 0.5 * erfc(-x / Math.SQRT2);

/** phi(x), the standard normal density. */
const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** y [n] = x Phi(x): the exact GELU (Hendrycks & Gimpel 2016), not its tanh approximation. */
export function geluForward(arena: Arena, x: number, y: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const value = at(arena, x + i);
    arena[y + i] = value * distribution(value);
  }
}

/** dX [n] = dY (Phi(x) + x phi(x)), overwritten. */
export function geluBackward(arena: Arena, dY: number, x: number, dX: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const value = at(arena, x + i);
    arena[dX + i] = at(arena, dY + i) * (distribution(value) + value * density(value));
  }
}
