import { type Arena, accumulate, at } from "./arena.ts";

/** How a weight matrix lies in the arena: element (i, o) is at `w + i * perInput + o * perOutput`. */
export interface WeightStrides {
  readonly perInput: number;
  readonly perOutput: number;
}

/** y [rows, nOut] = residual + scale (x [rows, nIn] w) + bias [nOut]; bias and residual may be absent (0). */
export function denseForward(
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
  { perInput, perOutput }: WeightStrides,
): void {
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < nOut; o++) {
      let sum = 0;
      for (let i = 0; i < nIn; i++) sum += at(arena, x + r * nIn + i) * at(arena, w + i * perInput + o * perOutput);
      let value = scale * sum;
      if (bias !== 0) value += at(arena, bias + o);
      if (residual !== 0) value += at(arena, residual + r * nOut + o);
      arena[y + r * nOut + o] = value;
    }
  }
}

/** dX [rows, nIn] = scale dY [rows, nOut] w^T, or += when `add` is 1. */
export function denseBackwardInput(
  arena: Arena,
  dY: number,
  w: number,
  dX: number,
  rows: number,
  nIn: number,
  nOut: number,
  scale: number,
  add: number,
  { perInput, perOutput }: WeightStrides,
): void {
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < nIn; i++) {
      let sum = 0;
      for (let o = 0; o < nOut; o++) sum += at(arena, dY + r * nOut + o) * at(arena, w + i * perInput + o * perOutput);
      const target = dX + r * nIn + i;
      arena[target] = (add === 1 ? at(arena, target) : 0) + scale * sum;
    }
  }
}

/** dW += scale x^T dY, in the layout of w; dBias [nOut] += column sums of dY; either may be absent (0). */
export function denseBackwardWeight(
  arena: Arena,
  x: number,
  dY: number,
  dW: number,
  dBias: number,
  rows: number,
  nIn: number,
  nOut: number,
  scale: number,
  { perInput, perOutput }: WeightStrides,
): void {
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < nOut; o++) {
      const g = at(arena, dY + r * nOut + o);
      if (dBias !== 0) accumulate(arena, dBias + o, g);
      if (dW === 0) continue;
      for (let i = 0; i < nIn; i++) {
        accumulate(arena, dW + i * perInput + o * perOutput, scale * at(arena, x + r * nIn + i) * g);
      }
    }
  }
}
