import { type Arena, accumulate, at } from "../_internal/arena.ts";

/** y = x rstd gain over rows of x [rows, d], with rstd = 1 / sqrt(mean(x^2) + eps) (Zhang and Sennrich 2019). */
export function rmsNormForward(
  arena: Arena,
  x: number,
  gain: number,
  y: number,
  rstd: number,
  rows: number,
  d: number,
  eps: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = x + r * d;
    let square = 0;
    for (let i = 0; i < d; i++) square += at(arena, row + i) ** 2;
    const s = 1 / Math.sqrt(square / d + eps);
    for (let i = 0; i < d; i++) arena[y + r * d + i] = at(arena, row + i) * s * at(arena, gain + i);
    arena[rstd + r] = s;
  }
}

/** With xhat = x rstd and g = dY gain: dX += rstd (g - xhat mean(g xhat)), dGain += sum over rows of dY xhat. */
export function rmsNormBackward(
  arena: Arena,
  dY: number,
  x: number,
  gain: number,
  rstd: number,
  dX: number,
  dGain: number,
  rows: number,
  d: number,
): void {
  for (let r = 0; r < rows; r++) {
    const s = at(arena, rstd + r);
    const xhat = (i: number): number => at(arena, x + r * d + i) * s;
    let product = 0;
    for (let i = 0; i < d; i++) {
      const upstream = at(arena, dY + r * d + i);
      product += upstream * at(arena, gain + i) * xhat(i);
      if (dGain !== 0) accumulate(arena, dGain + i, upstream * xhat(i));
    }
    if (dX === 0) continue;
    for (let i = 0; i < d; i++) {
      const g = at(arena, dY + r * d + i) * at(arena, gain + i);
      accumulate(arena, dX + r * d + i, s * (g - (xhat(i) * product) / d));
    }
  }
}
