import type { Arena } from "../_internal/arena.ts";
import { denseBackwardInput, denseBackwardWeight, denseForward } from "../_internal/dense.ts";

/** y [rows, nOut] = residual + scale (x [rows, nIn] w [nIn, nOut]) + bias [nOut]. */
export function linearForward(
  arena: Arena,
  x: number,
  w: number,
  bias: number,
  residual: number,
  y: number,
  rows: number,
  nIn: number,
  nOut: number,
  scale: number,
): void {
  denseForward(arena, x, w, bias, residual, y, rows, nIn, nOut, scale, { perInput: nOut, perOutput: 1 });
}

/** dX [rows, nIn] = scale dY [rows, nOut] w^T, or += when `add` is 1. */
export function linearBackwardInput(
  arena: Arena,
  dY: number,
  w: number,
  dX: number,
  rows: number,
  nIn: number,
  nOut: number,
  scale: number,
  add: number,
): void {
  denseBackwardInput(arena, dY, w, dX, rows, nIn, nOut, scale, add, { perInput: nOut, perOutput: 1 });
}

/** dW [nIn, nOut] += scale x^T dY; dBias [nOut] += column sums of dY. */
export function linearBackwardWeight(
  arena: Arena,
  x: number,
  dY: number,
  dW: number,
  dBias: number,
  rows: number,
  nIn: number,
  nOut: number,
  scale: number,
): void {
  denseBackwardWeight(arena, x, dY, dW, dBias, rows, nIn, nOut, scale, { perInput: nOut, perOutput: 1 });
}
