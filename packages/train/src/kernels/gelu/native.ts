import type { GraphBuilder, KernelToOnnx } from "../../engines/native/graph-builder.ts";
import type { OnnxValue } from "../../engines/native/onnx-model.ts";

/** u = x / sqrt 2 and Phi(x) = 1/2 (1 + erf u); both passes ask for them and share them. HardSigmoid is a multiplication, an addition and bounds that are never reached. */
function distribution(graph: GraphBuilder, x: OnnxValue): { readonly u: OnnxValue; readonly phi: OnnxValue } {
  const u = graph.mul(x, Math.SQRT1_2);
  const attributes = { alpha: { float: 0.5 }, beta: { float: 0.5 } };
  return { u, phi: graph.map("HardSigmoid", graph.map("Erf", u), { attributes }) };
}

export const geluForwardToOnnx: KernelToOnnx<"gelu_forward"> = (graph, { x, y, n }) => {
  const input = graph.read(x, [n]);
  graph.write(y, graph.mul(input, distribution(graph, input).phi));
};

/** dy/dx = Phi(x) + u exp(-u^2) / sqrt(pi). */
export const geluBackwardToOnnx: KernelToOnnx<"gelu_backward"> = (graph, { dY, x, dX, n }) => {
  const { u, phi } = distribution(graph, graph.read(x, [n]));
  const bell = graph.map("Exp", graph.map("Neg", graph.mul(u, u)));
  const slope = graph.add(phi, graph.mul(graph.mul(u, bell), 1 / Math.sqrt(Math.PI)));
  graph.write(dX, graph.mul(graph.read(dY, [n]), slope));
};
