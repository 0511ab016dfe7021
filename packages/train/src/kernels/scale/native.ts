import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const scaleToOnnx: KernelToOnnx<"scale"> = (graph, { x, n, factor }) =>
  graph.write(x, graph.mul(graph.read(x, [n]), factor));
