import { type Arena, accumulate, at } from "../_internal/arena.ts";

/** out [batch*length, d]: out[r] = wE[tokens[r]] + wPos[r mod length], with wE [V, d] and wPos [nCtx, d], which may be absent. */
export function embedForward(
  arena: Arena,
  tokens: number,
  wE: number,
  wPos: number,
  out: number,
  batch: number,
  length: number,
  d: number,
): void {
  for (let r = 0; r < batch * length; r++) {
    const e = wE + at(arena, tokens + r) * d;
    const p = wPos + (r % length) * d;
    for (let i = 0; i < d; i++) arena[out + r * d + i] = at(arena, e + i) + (wPos === 0 ? 0 : at(arena, p + i));
  }
}

/** dWE[tokens[r]] += dOut[r] and dWPos[r mod length] += dOut[r], in row order; dOut [batch*length, d]. */
export function embedBackward(
  arena: Arena,
  tokens: number,
  dOut: number,
  dWE: number,
  dWPos: number,
  batch: number,
  length: number,
  d: number,
): void {
  for (let r = 0; r < batch * length; r++) {
    const e = dWE + at(arena, tokens + r) * d;
    const p = dWPos + (r % length) * d;
    for (let i = 0; i < d; i++) {
      const g = at(arena, dOut + r * d + i);
      if (dWE !== 0) accumulate(arena, e + i, g);
      if (dWPos !== 0) accumulate(arena, p + i, g);
    }
  }
}
