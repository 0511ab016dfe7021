import type { Arena } from "../_internal/arena.ts";

/** buffer[i] = value for i < n. */
export function fill(arena: Arena, buffer: number, value: number, n: number): void {
  arena.fill(value, buffer, buffer + n);
}
