import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const gatherPositionsToOnnx: KernelToOnnx<"gather_positions"> = (
  graph,
  { src, positions, dst, batch, groups, length, width, count },
) => {
  const indices = graph.read(positions, [count], "i32");
  graph.write(dst, graph.gather(graph.read(src, [batch, groups, length, width]), indices, 2));
};
