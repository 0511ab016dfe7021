import { type Arena, at } from "../_internal/arena.ts";

/**
 * Rotary position embedding (Su et al. 2021): in every head of row t, pair i of the first rotaryDim coordinates is rotated by angle i of position t,
 * (a, b) -> (a cos - b sin, b cos + a sin); the other coordinates are copied. direction -1 rotates back, which is the backward pass.
 *
 * table [nCtx, rotaryDim]: in row t the cosines of the rotaryDim / 2 angles, then their sines. Pair i is (i, i + rotaryDim / 2), or (2 i, 2 i + 1) where
 * interleaved is 1. x, y [batch length, heads dh]; y may equal x.
 */
export function rotary(
  arena: Arena,
  x: number,
  table: number,
  y: number,
  batch: number,
  length: number,
  heads: number,
  dh: number,
  rotaryDim: number,
  interleaved: number,
  direction: number,
): void {
  const pairs = rotaryDim / 2;
  for (let row = 0; row < batch * length; row++) {
    const angles = table + (row % length) * rotaryDim;
    for (let h = 0; h < heads; h++) {
      const head = (row * heads + h) * dh;
      for (let i = 0; i < pairs; i++) {
        const first = head + (interleaved === 1 ? 2 * i : i);
        const second = head + (interleaved === 1 ? 2 * i + 1 : i + pairs);
        const [a, b] = [at(arena, x + first), at(arena, x + second)];
        const [cosine, sine] = [at(arena, angles + i), direction * at(arena, angles + pairs + i)];
        arena[y + first] = a * cosine - b * sine;
        arena[y + second] = b * cosine + a * sine;
      }
      for (let i = rotaryDim; i < dh; i++) arena[y + head + i] = at(arena, x + head + i);
    }
  }
}
