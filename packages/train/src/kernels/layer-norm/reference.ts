import { type Arena, accumulate, at } from "../_internal/arena.ts";

/** y = (x - mean) rstd gain + bias over rows of x [rows, d], with rstd = 1 / sqrt(variance + eps) and the biased variance (1/d); bias may be absent. */
export function layerNormForward(
  arena: Arena,
  x: number,
  gain: number,
  bias: number,
  y: number,
  mean: number,
  rstd: number,
  rows: number,
  d: number,
  eps: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = x + r * d;
    let sum = 0;
    for (let i = 0; i < d; i++) sum += at(arena, row + i);
    const m = sum / d;
    let square = 0;
    for (let i = 0; i < d; i++) square += (at(arena, row + i) - m) ** 2;
    const s = 1 / Math.sqrt(square / d + eps);
    for (let i = 0; i < d; i++) {
      const scaled = (at(arena, row + i) - m) * s * at(arena, gain + i);
      arena[y + r * d + i] = bias === 0 ? scaled : scaled + at(arena, bias + i);
    }
    arena[mean + r] = m;
    arena[rstd + r] = s;
  }
}

/**
 * With xhat = (x - mean) rstd and g = dY gain: dX += rstd (g - mean(g) - xhat mean(g xhat)), dGain += sum over rows of dY xhat, dBias += sum over rows of dY.
 */
export function layerNormBackward(
  arena: Arena,
  dY: number,
  x: number,
  gain: number,
  mean: number,
  rstd: number,
  dX: number,
  dGain: number,
  dBias: number,
  rows: number,
  d: number,
): void {
  for (let r = 0; r < rows; r++) {
    const m = at(arena, mean + r);
    const s = at(arena, rstd + r);
    const xhat = (i: number): number => (at(arena, x + r * d + i) - m) * s;
    let sum = 0;
    let product = 0;
    for (let i = 0; i < d; i++) {
      const upstream = at(arena, dY + r * d + i);
      const g = upstream * at(arena, gain + i);
      sum += g;
      product += g * xhat(i);
      if (dGain !== 0) accumulate(arena, dGain + i, upstream * xhat(i));
      if (dBias !== 0) accumulate(arena, dBias + i, upstream);
    }
    if (dX === 0) continue;
    for (let i = 0; i < d; i++) {
      const g = at(arena, dY + r * d + i) * at(arena, gain + i);
      accumulate(arena, dX + r * d + i, s * (g - sum / d - (xhat(i) * product) / d));
    }
  }
}
