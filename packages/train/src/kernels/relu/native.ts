import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const reluForwardToOnnx: KernelToOnnx<"relu_forward"> = (graph, { x, y, n }) =>
  graph.write(y, graph.map("Relu", graph.read(x, [n])));

export const reluBackwardToOnnx: KernelToOnnx<"relu_backward"> = (graph, { dY, x, dX, n }) =>
  graph.write(dX, graph.where(graph.compare("Greater", graph.read(x, [n]), 0), graph.read(dY, [n]), 0));
