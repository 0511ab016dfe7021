import { type Arena, at } from "../_internal/arena.ts";

const root = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** y [n] = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) (Hendrycks & Gimpel 2016). */
export function geluTanhForward(arena: Arena, x: number, y: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const value = at(arena, x + i);
    arena[y + i] = 0.5 * value * (1 + Math.tanh(root * (value + cubic * value ** 3)));
  }
}

/** dX [n] = dY (1/2 (1 + t) + x/2 (1 - t^2) u'), t = tanh(u), u = sqrt(2 / pi) (x + 0.044715 x^3); overwritten. */
export function geluTanhBackward(arena: Arena, dY: number, x: number, dX: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const value = at(arena, x + i);
    const t = Math.tanh(root * (value + cubic * value ** 3));
    const slope = root * (1 + 3 * cubic * value ** 2);
    arena[dX + i] = at(arena, dY + i) * (0.5 * (1 + t) + 0.5 * value * (1 - t * t) * slope);
  }
}
