import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

// `Where` keeps the bits of what has strength 0: x + 0 v would turn -0 into 0, and infinite values into NaN.
export const interveneForwardToOnnx: KernelToOnnx<"intervene_forward"> = (
  graph,
  { x, values, strength, batch, groups, length, width, mode },
) => {
  const shape = [batch, groups, length, width];
  const input = graph.read(x, shape);
  const s = graph.read(strength, [batch, 1, length, 1]);
  const put = (changed: ReturnType<typeof graph.read>): void =>
    graph.write(x, graph.where(graph.compare("Equal", s, 0), input, changed));
  if (mode === 3) {
    const target = graph.read(values, shape);
    const moved = graph.add(input, graph.mul(s, graph.sub(target, input)));
    put(graph.where(graph.compare("Equal", s, 1), target, moved));
    return;
  }
  const all = graph.read(values, [width + 1]);
  const v = graph.slice(all, 0, 0, width);
  if (mode === 0) put(graph.add(input, graph.mul(s, v)));
  else if (mode === 4) put(graph.mul(input, graph.add(1, graph.mul(s, v))));
  else {
    const projection = graph.matmul(input, graph.reshape(v, [width, 1]));
    const distance =
      mode === 1 ? graph.map("Neg", projection) : graph.sub(graph.slice(all, 0, width, width + 1), projection);
    put(graph.add(input, graph.mul(graph.mul(s, distance), v)));
  }
};

export const interveneBackwardToOnnx: KernelToOnnx<"intervene_backward"> = (
  graph,
  { d, values, strength, batch, groups, length, width, mode },
) => {
  if (mode === 0) return;
  const gradient = graph.read(d, [batch, groups, length, width]);
  const s = graph.read(strength, [batch, 1, length, 1]);
  const put = (changed: ReturnType<typeof graph.read>): void =>
    graph.write(d, graph.where(graph.compare("Equal", s, 0), gradient, changed));
  if (mode === 3) {
    put(graph.mul(gradient, graph.sub(1, s)));
    return;
  }
  const v = graph.slice(graph.read(values, [width + 1]), 0, 0, width);
  if (mode === 4) put(graph.mul(gradient, graph.add(1, graph.mul(s, v))));
  else {
    const projection = graph.matmul(gradient, graph.reshape(v, [width, 1]));
    put(graph.sub(gradient, graph.mul(graph.mul(s, projection), v)));
  }
};
