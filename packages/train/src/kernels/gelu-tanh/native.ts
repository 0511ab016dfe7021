import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

const [slope, cubic] = [Math.sqrt(2 / Math.PI), 0.044715];

export const geluTanhForwardToOnnx: KernelToOnnx<"gelu_tanh_forward"> = (graph, { x, y, n }) =>
  graph.write(y, graph.map("Gelu", graph.read(x, [n]), { attributes: { approximate: "tanh" } }));

/** dy/dx = (1 + t) / 2 + x (1 - t^2) c (1 + 3 a x^2) / 2 with t = tanh(c (x + a x^3)). */
export const geluTanhBackwardToOnnx: KernelToOnnx<"gelu_tanh_backward"> = (graph, { dY, x, dX, n }) => {
  const input = graph.read(x, [n]);
  const square = graph.mul(input, input);
  const argument = graph.mul(input, graph.add(graph.mul(square, slope * cubic), slope));
  const tanh = graph.map("Tanh", argument);
  const inner = graph.mul(input, graph.add(graph.mul(square, 1.5 * slope * cubic), slope / 2));
  const outer = graph.sub(1, graph.mul(tanh, tanh));
  const derivative = graph.add(graph.add(graph.mul(tanh, 0.5), 0.5), graph.mul(outer, inner));
  graph.write(dX, graph.mul(graph.read(dY, [n]), derivative));
};
