import { addColumnSums, gemm, gemmTransposedLeft, gemmTransposedRight } from "../_wasm/gemm";

/** y [rows, nOut] = residual + scale (x [rows, nIn] w [nIn, nOut]) + bias; residual may be y. */
export function linear_forward(
  x: usize, w: usize, bias: usize, residual: usize, y: usize,
  rows: usize, nIn: usize, nOut: usize, scale: f32,
): void {
  gemm(x, w, rows, nIn, nOut, y, residual, bias, scale);
}

/** dX [rows, nIn] = scale dY [rows, nOut] w^T, or += when `add` is 1. */
export function linear_backward_input(
  dY: usize, w: usize, dX: usize,
  rows: usize, nIn: usize, nOut: usize, scale: f32, add: i32,
): void {
  gemmTransposedRight(dY, w, rows, nOut, nIn, dX, add ? dX : 0, 0, scale);
}

/** dW [nIn, nOut] += scale x^T dY; dBias [nOut] += column sums of dY. */
export function linear_backward_weight(
  x: usize, dY: usize, dW: usize, dBias: usize,
  rows: usize, nIn: usize, nOut: usize, scale: f32,
): void {
  if (dW != 0) gemmTransposedLeft(x, dY, nIn, rows, nOut, dW, scale);
  if (dBias != 0) addColumnSums(dY, rows, nOut, dBias);
}
