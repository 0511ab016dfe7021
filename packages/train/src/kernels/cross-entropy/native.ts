import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

/** Rows without a target (below 0) take target 0 with weight and loss 0. */
export const crossEntropyToOnnx: KernelToOnnx<"cross_entropy"> = (
  graph,
  { logits, targets, weights, rowLoss, dLogits, rows, vocabulary },
) => {
  const scores = graph.read(logits, [rows, vocabulary]);
  const target = graph.read(targets, [rows, 1], "i32");
  const index = graph.max(target, graph.integers(0, "int32"));
  const counted = graph.cast(graph.compare("Equal", target, index), "float");
  const logProbability = graph.node("LogSoftmax", [scores], scores.shape, { attributes: { axis: -1 } });
  const chosen = graph.node("GatherElements", [logProbability, index], [rows, 1], { attributes: { axis: 1 } });
  graph.write(rowLoss, graph.mul(graph.map("Neg", chosen), counted));
  if (dLogits === 0) return;
  const weight = graph.mul(graph.read(weights, [rows, 1]), counted);
  const spread = graph.mul(graph.softmax(scores), weight);
  const gradient = graph.node("ScatterElements", [spread, index, graph.map("Neg", weight)], scores.shape, {
    attributes: { axis: 1, reduction: "add" },
  });
  graph.write(dLogits, gradient);
};
