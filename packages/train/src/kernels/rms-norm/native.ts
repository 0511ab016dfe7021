import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

// rstd [rows, 1] of the forward pass is read from its buffer.
export const rmsNormForwardToOnnx: KernelToOnnx<"rms_norm_forward"> = (graph, { x, gain, y, rstd, rows, d, eps }) => {
  const input = graph.read(x, [rows, d]);
  const square = graph.reduce("ReduceMean", graph.mul(input, input), [1]);
  const inverse = graph.map("Reciprocal", graph.map("Sqrt", graph.add(square, eps)));
  graph.write(y, graph.mul(graph.mul(input, inverse), graph.read(gain, [d])));
  graph.write(rstd, inverse);
};

/** With xhat = x rstd and g = dY gain: dX += rstd (g - xhat mean(g xhat)), dGain += sum over rows of dY xhat. */
export const rmsNormBackwardToOnnx: KernelToOnnx<"rms_norm_backward"> = (
  graph,
  { dY, x, gain, rstd, dX, dGain, rows, d },
) => {
  const upstream = graph.read(dY, [rows, d]);
  const inverse = graph.read(rstd, [rows, 1]);
  const scale = graph.read(gain, [d]);
  const normalized = graph.mul(graph.read(x, [rows, d]), inverse);
  const product = graph.mul(upstream, normalized);
  graph.accumulate(dGain, graph.reshape(graph.reduce("ReduceSum", product, [0]), [d]));
  const mean = graph.mul(graph.matmul(product, graph.reshape(scale, [d, 1])), 1 / d);
  const inner = graph.sub(graph.mul(upstream, scale), graph.mul(normalized, mean));
  graph.accumulate(dX, graph.mul(inner, inverse));
};
