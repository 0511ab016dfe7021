import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const softCapForwardToOnnx: KernelToOnnx<"soft_cap_forward"> = (graph, { x, y, n, cap }) =>
  graph.write(y, graph.mul(graph.map("Tanh", graph.mul(graph.read(x, [n]), 1 / cap)), cap));

export const softCapBackwardToOnnx: KernelToOnnx<"soft_cap_backward"> = (graph, { dY, y, dX, n, cap }) => {
  const ratio = graph.mul(graph.read(y, [n]), 1 / cap);
  graph.write(dX, graph.mul(graph.read(dY, [n]), graph.sub(1, graph.mul(ratio, ratio))));
};
