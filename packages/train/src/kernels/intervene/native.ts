import type { GraphBuilder, KernelToOnnx } from "../../engines/native/graph-builder.ts";
import type { OnnxValue } from "../../engines/native/onnx-model.ts";

/**
 * For every vector one of some candidates [batch, groups, length, width], copied with all its bits: where no condition [batch, 1, length, 1] holds the first, else the one
 * after the number of those that hold. (`Where` would turn -0 into 0.)
 */
function chosen(
  graph: GraphBuilder,
  candidates: readonly OnnxValue[],
  conditions: readonly OnnxValue[],
  [batch, groups, length, width]: readonly [number, number, number, number],
): OnnxValue {
  const count = batch * groups * length;
  const rows = graph.concat(
    candidates.map((candidate) => graph.reshape(candidate, [count, width])),
    0,
  );
  const own = graph.integers(
    Array.from({ length: count }, (_, row) => row),
    "int32",
  );
  const type = { type: "int32" } as const;
  let index = graph.reshape(own, [batch, groups, length, 1]);
  for (const condition of conditions) {
    const step = graph.node(
      "Mul",
      [graph.cast(condition, "int32"), graph.integers(count, "int32")],
      condition.shape,
      type,
    );
    index = graph.node("Add", [index, step], index.shape, type);
  }
  const vectors = graph.gather(rows, graph.reshape(index, [count]), 0);
  return graph.reshape(vectors, [batch, groups, length, width]);
}

/** Whether the strength is not 0. */
const acts = (graph: GraphBuilder, s: OnnxValue): OnnxValue =>
  graph.node("Not", [graph.compare("Equal", s, 0)], s.shape, { type: "bool" });

export const interveneForwardToOnnx: KernelToOnnx<"intervene_forward"> = (
  graph,
  { x, values, strength, batch, groups, length, width, mode },
) => {
  const shape = [batch, groups, length, width] as const;
  const input = graph.read(x, shape);
  const s = graph.read(strength, [batch, 1, length, 1]);
  const active = acts(graph, s);
  if (mode === 3) {
    const target = graph.read(values, shape);
    const moved = graph.add(input, graph.mul(s, graph.sub(target, input)));
    graph.write(x, chosen(graph, [input, moved, target], [active, graph.compare("Equal", s, 1)], shape));
    return;
  }
  const all = graph.read(values, [width + 1]);
  const v = graph.slice(all, 0, 0, width);
  const changed = (): OnnxValue => {
    if (mode === 0) return graph.add(input, graph.mul(s, v));
    if (mode === 4) return graph.mul(input, graph.add(1, graph.mul(s, v)));
    const projection = graph.matmul(input, graph.reshape(v, [width, 1]));
    const goal = mode === 1 ? 0 : graph.slice(all, 0, width, width + 1);
    return graph.add(input, graph.mul(graph.mul(s, graph.sub(goal, projection)), v));
  };
  graph.write(x, chosen(graph, [input, changed()], [active], shape));
};

export const interveneBackwardToOnnx: KernelToOnnx<"intervene_backward"> = (
  graph,
  { d, values, strength, batch, groups, length, width, mode },
) => {
  if (mode === 0) return;
  const shape = [batch, groups, length, width] as const;
  const gradient = graph.read(d, shape);
  const s = graph.read(strength, [batch, 1, length, 1]);
  const changed = (): OnnxValue => {
    if (mode === 3) return graph.mul(gradient, graph.sub(1, s));
    const v = graph.slice(graph.read(values, [width + 1]), 0, 0, width);
    if (mode === 4) return graph.mul(gradient, graph.add(1, graph.mul(s, v)));
    const projection = graph.matmul(gradient, graph.reshape(v, [width, 1]));
    return graph.sub(gradient, graph.mul(graph.mul(s, projection), v));
  };
  graph.write(d, chosen(graph, [gradient, changed()], [acts(graph, s)], shape));
};
