import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const multiplyForwardToOnnx: KernelToOnnx<"multiply_forward"> = (graph, { a, b, y, n }) =>
  graph.write(y, graph.mul(graph.read(a, [n]), graph.read(b, [n])));

export const multiplyBackwardToOnnx: KernelToOnnx<"multiply_backward"> = (graph, { dY, a, b, dA, dB, n }) => {
  const upstream = graph.read(dY, [n]);
  const [left, right] = [graph.read(a, [n]), graph.read(b, [n])];
  graph.write(dB, graph.mul(upstream, left));
  graph.write(dA, graph.mul(upstream, right));
};
