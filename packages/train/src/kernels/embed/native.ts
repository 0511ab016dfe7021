import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

/** Vocabularies up to this size gather the gradient of W_E by a product with the one-hot matrix, which is faster there than one addition after another. */
const oneHotVocabulary = 48;

export const embedForwardToOnnx: KernelToOnnx<"embed_forward"> = (
  graph,
  { tokens, wE, wPos, out, batch, length, d },
) => {
  const vocabulary = Math.floor(graph.extent(wE) / d);
  const rows = graph.gather(graph.read(wE, [vocabulary, d]), graph.read(tokens, [batch, length], "i32"), 0);
  graph.write(out, wPos === 0 ? rows : graph.add(rows, graph.read(wPos, [length, d])));
};

export const embedBackwardToOnnx: KernelToOnnx<"embed_backward"> = (
  graph,
  { tokens, dOut, dWE, dWPos, batch, length, d },
) => {
  const rows = batch * length;
  const upstream = graph.read(dOut, [rows, d]);
  const byPosition = graph.reduce("ReduceSum", graph.reshape(upstream, [batch, length * d]), [0]);
  graph.accumulate(dWPos, graph.reshape(byPosition, [length, d]));
  if (dWE === 0) return;
  const vocabulary = Math.floor(graph.extent(dWE) / d);
  if (vocabulary <= oneHotVocabulary) {
    const names = graph.integers(
      Array.from({ length: vocabulary }, (_, token) => token),
      "int32",
    );
    const same = graph.compare("Equal", graph.reshape(names, [vocabulary, 1]), graph.read(tokens, [1, rows], "i32"));
    graph.accumulate(dWE, graph.matmul(graph.cast(same, "float"), upstream));
    return;
  }
  const shape = [vocabulary, d];
  const zeros = graph.node("Expand", [0, graph.integers(shape)], shape);
  const start = graph.previous(dWE, shape) ?? zeros;
  const index = graph.node("Expand", [graph.read(tokens, [rows, 1], "i32"), graph.integers([rows, d])], [rows, d], {
    type: "int32",
  });
  const attributes = { axis: 0, reduction: "add" };
  graph.write(dWE, graph.node("ScatterElements", [start, index, upstream], shape, { attributes }));
};
