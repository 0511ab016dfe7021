import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const fillToOnnx: KernelToOnnx<"fill"> = (graph, { buffer, value, n }) => graph.fill(buffer, value, n);
