import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const geluForwardToOnnx: KernelToOnnx<"gelu_forward"> = (graph, { x, y, n }) =>
  graph.write(y, graph.map("Gelu", graph.read(x, [n]), { attributes: { approximate: "none" } }));

/** dy/dx = 1/2 (1 + erf u) + u exp(-u^2) / sqrt(pi) with u = x / sqrt 2. */
export const geluBackwardToOnnx: KernelToOnnx<"gelu_backward"> = (graph, { dY, x, dX, n }) => {
  const u = graph.mul(graph.read(x, [n]), Math.SQRT1_2);
  const distribution = graph.add(graph.mul(graph.map("Erf", u), 0.5), 0.5);
  const bell = graph.map("Exp", graph.map("Neg", graph.mul(u, u)));
  const slope = graph.add(distribution, graph.mul(graph.mul(u, 1 / Math.sqrt(Math.PI)), bell));
  graph.write(dX, graph.mul(graph.read(dY, [n]), slope));
};
