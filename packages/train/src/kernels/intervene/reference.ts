import { type Arena, at } from "../_internal/arena.ts";

/** Sum over j < width of a[j] b[j]. */
function dot(arena: Arena, a: number, b: number, width: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += at(arena, a + j) * at(arena, b + j);
  return sum;
}

/** Calls `change` with the address of every vector x[b, g, t, :] of strength other than 0, its strength and its index among the vectors of width. */
function eachVector(
  arena: Arena,
  x: number,
  strength: number,
  batch: number,
  groups: number,
  length: number,
  width: number,
  change: (row: number, s: number, offset: number) => void,
): void {
  for (let b = 0; b < batch; b++) {
    for (let g = 0; g < groups; g++) {
      for (let t = 0; t < length; t++) {
        const s = at(arena, strength + b * length + t);
        const offset = ((b * groups + g) * length + t) * width;
        if (s !== 0) change(x + offset, s, offset);
      }
    }
  }
}

/**
 * Changes x [batch, groups, length, width] in place by s = strength[b length + t], nothing where s = 0. Modes, with v = values [width + 1]: 0 adds x += s v;
 * 1 projects out x -= s (x . v) v; 2 clamps x += s (values[width] - x . v) v; 3 replaces x += s (values[b, g, t, :] - x), exactly values where s = 1;
 * 4 scales x_j *= 1 + s v_j.
 */
export function interveneForward(
  arena: Arena,
  x: number,
  values: number,
  strength: number,
  batch: number,
  groups: number,
  length: number,
  width: number,
  mode: number,
): void {
  eachVector(arena, x, strength, batch, groups, length, width, (row, s, offset) => {
    const target = mode === 2 ? at(arena, values + width) : 0;
    const along = mode === 1 || mode === 2 ? s * (target - dot(arena, row, values, width)) : s;
    for (let j = 0; j < width; j++) {
      const old = at(arena, row + j);
      if (mode === 3) {
        const replacement = at(arena, values + offset + j);
        arena[row + j] = s === 1 ? replacement : old + s * (replacement - old);
      } else if (mode === 4) arena[row + j] = old * (1 + s * at(arena, values + j));
      else arena[row + j] = old + along * at(arena, values + j);
    }
  });
}

/**
 * The gradient d [batch, groups, length, width] of the changed activation becomes that of the unchanged one, in place: mode 0 leaves it; modes 1 and 2
 * d -= s (d . v) v; mode 3 d *= 1 - s; mode 4 d_j *= 1 + s v_j.
 */
export function interveneBackward(
  arena: Arena,
  d: number,
  values: number,
  strength: number,
  batch: number,
  groups: number,
  length: number,
  width: number,
  mode: number,
): void {
  if (mode === 0) return;
  eachVector(arena, d, strength, batch, groups, length, width, (row, s) => {
    const along = mode === 3 || mode === 4 ? 0 : s * dot(arena, row, values, width);
    for (let j = 0; j < width; j++) {
      const old = at(arena, row + j);
      if (mode === 3) arena[row + j] = old * (1 - s);
      else if (mode === 4) arena[row + j] = old * (1 + s * at(arena, values + j));
      else arena[row + j] = old - along * at(arena, values + j);
    }
  });
}
