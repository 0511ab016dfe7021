import { addColumnSums, gemm, gemmTransposedLeft, gemmTransposedRight } from "../_wasm/gemm";

/** y [rows, nOut] = residual + scale (x [rows, nIn] w^T) + bias, with w [nOut, nIn]; residual may be y. */
export function linear_transposed_forward(
  x: usize, w: usize, bias: usize, residual: usize, y: usize,
  rows: usize, nIn: usize, nOut: usize, scale: f32,
): void {
  gemmTransposedRight(x, w, rows, nIn, nOut, y, residual, bias, scale);
}

/** dX [rows, nIn] = scale dY [rows, nOut] w, or += when `add` is 1. */
export function linear_transposed_backward_input(
  dY: usize, w: usize, dX: usize,
  rows: usize, nIn: usize, nOut: usize, scale: f32, add: i32,
): void {
  gemm(dY, w, rows, nOut, nIn, dX, add ? dX : 0, 0, scale);
}

/** dW [nOut, nIn] += scale dY^T x; dBias [nOut] += column sums of dY. */
export function linear_transposed_backward_weight(
  x: usize, dY: usize, dW: usize, dBias: usize,
  rows: usize, nIn: usize, nOut: usize, scale: f32,
): void {
  if (dW != 0) gemmTransposedLeft(dY, x, nOut, rows, nIn, dW, scale);
  if (dBias != 0) addColumnSums(dY, rows, nOut, dBias);
}
