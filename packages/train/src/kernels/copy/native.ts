import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const copyToOnnx: KernelToOnnx<"copy"> = (graph, { src, dst, n }) => graph.write(dst, graph.read(src, [n]));
