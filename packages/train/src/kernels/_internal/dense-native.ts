import type { GraphBuilder, OnnxArguments } from "../../engines/native/graph-builder.ts";

/** y [rows, nOut] = residual + scale (x w) + bias; w is [nIn, nOut], or [nOut, nIn] where `transposed`. */
export function forward(
  graph: GraphBuilder,
  { x, w, bias, residual, y, rows, nIn, nOut, scale }: OnnxArguments<"linear_forward">,
  transposed: boolean,
): void {
  const added = [
    ...(bias === 0 ? [] : [graph.read(bias, [nOut])]),
    ...(residual === 0 ? [] : [graph.read(residual, [rows, nOut])]),
  ];
  // The first summand starts the product, what is left is added.
  const [c, rest] = added;
  const product = graph.gemm(graph.read(x, [rows, nIn]), graph.read(w, transposed ? [nOut, nIn] : [nIn, nOut]), {
    transposeB: transposed,
    alpha: scale,
    c,
  });
  graph.write(y, rest === undefined ? product : graph.add(product, rest));
}

/** dX [rows, nIn] = scale dY w^T, or += where `accumulate` is 1. */
export function backwardInput(
  graph: GraphBuilder,
  { dY, w, dX, rows, nIn, nOut, scale, accumulate }: OnnxArguments<"linear_backward_input">,
  transposed: boolean,
): void {
  const product = graph.gemm(graph.read(dY, [rows, nOut]), graph.read(w, transposed ? [nOut, nIn] : [nIn, nOut]), {
    transposeB: !transposed,
    alpha: scale,
    c: accumulate === 1 ? graph.previous(dX, [rows, nIn]) : undefined,
  });
  graph.write(dX, product);
}

/** dW += scale x^T dY, in the layout of w; dBias [nOut] += column sums of dY; either may be absent. */
export function backwardWeight(
  graph: GraphBuilder,
  { x, dY, dW, dBias, rows, nIn, nOut, scale }: OnnxArguments<"linear_backward_weight">,
  transposed: boolean,
): void {
  const upstream = graph.read(dY, [rows, nOut]);
  graph.accumulate(dBias, graph.reshape(graph.reduce("ReduceSum", upstream, [0]), [nOut]));
  if (dW === 0) return;
  const input = graph.read(x, [rows, nIn]);
  const [left, right] = transposed ? [upstream, input] : [input, upstream];
  const c = graph.previous(dW, transposed ? [nOut, nIn] : [nIn, nOut]);
  graph.write(dW, graph.gemm(left, right, { transposeA: true, alpha: scale, c }));
}
