import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const layerNormForwardToOnnx: KernelToOnnx<"layer_norm_forward"> = (
  graph,
  { x, gain, bias, y, mean, rstd, rows, d, eps },
) => {
  const inputs = [graph.read(x, [rows, d]), graph.read(gain, [d])];
  const [normalized, center, inverse] = graph.nodes(
    "LayerNormalization",
    bias === 0 ? inputs : [...inputs, graph.read(bias, [d])],
    [
      [rows, d],
      [rows, 1],
      [rows, 1],
    ],
    { axis: -1, epsilon: { float: eps } },
  );
  if (normalized === undefined || center === undefined || inverse === undefined) return;
  graph.write(y, normalized);
  graph.write(mean, center);
  graph.write(rstd, inverse);
};

/** With xhat = (x - mean) rstd and g = dY gain: dX += rstd (g - mean(g) - xhat mean(g xhat)); the two means are products of a matrix and a vector. */
export const layerNormBackwardToOnnx: KernelToOnnx<"layer_norm_backward"> = (
  graph,
  { dY, x, gain, mean, rstd, dX, dGain, dBias, rows, d },
) => {
  const upstream = graph.read(dY, [rows, d]);
  const inverse = graph.read(rstd, [rows, 1]);
  const scale = graph.read(gain, [d]);
  const normalized = graph.mul(graph.sub(graph.read(x, [rows, d]), graph.read(mean, [rows, 1])), inverse);
  const product = graph.mul(upstream, normalized);
  graph.accumulate(dGain, graph.reshape(graph.reduce("ReduceSum", product, [0]), [d]));
  graph.accumulate(dBias, graph.reshape(graph.reduce("ReduceSum", upstream, [0]), [d]));
  const column = graph.reshape(graph.mul(scale, 1 / d), [d, 1]);
  const projection = graph.mul(normalized, graph.matmul(product, column));
  const inner = graph.sub(graph.sub(graph.mul(upstream, scale), graph.matmul(upstream, column)), projection);
  graph.accumulate(dX, graph.mul(inner, inverse));
};
