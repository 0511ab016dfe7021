import type { Arena } from "../_internal/arena.ts";
import { denseBackwardInput, denseBackwardWeight, denseForward } from "../_internal/dense.ts";

/** y [rows, nOut] = residual + scale (x [rows, nIn] w^T) + bias [nOut], with w [nOut, nIn]. */
export function linearTransposedForward(
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
  denseForward(arena, x, w, bias, residual, y, rows, nIn, nOut, scale, { perInput: 1, perOutput: nIn });
}

/** dX [rows, nIn] = scale dY [rows, nOut] w, or += when `add` is 1. */
export function linearTransposedBackwardInput(
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
  denseBackwardInput(arena, dY, w, dX, rows, nIn, nOut, scale, add, { perInput: 1, perOutput: nIn });
}

/** dW [nOut, nIn] += scale dY^T x; dBias [nOut] += column sums of dY. */
export function linearTransposedBackwardWeight(
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
  denseBackwardWeight(arena, x, dY, dW, dBias, rows, nIn, nOut, scale, { perInput: 1, perOutput: nIn });
}
