import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const siluForwardToOnnx: KernelToOnnx<"silu_forward"> = (graph, { x, y, n }) => {
  const input = graph.read(x, [n]);
  graph.write(y, graph.mul(input, graph.map("Sigmoid", input)));
};

// sigmoid (1 + x (1 - sigmoid)) = sigmoid + y (1 - sigmoid) with y = x sigmoid, which the forward pass has.
export const siluBackwardToOnnx: KernelToOnnx<"silu_backward"> = (graph, { dY, x, dX, n }) => {
  const input = graph.read(x, [n]);
  const sigmoid = graph.map("Sigmoid", input);
  const slope = graph.add(sigmoid, graph.mul(graph.mul(input, sigmoid), graph.sub(1, sigmoid)));
  graph.write(dX, graph.mul(graph.read(dY, [n]), slope));
};
