import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const addToOnnx: KernelToOnnx<"add"> = (graph, { src, dst, n }) => graph.accumulate(dst, graph.read(src, [n]));
