import type { GraphBuilder, KernelToOnnx, OnnxAddress } from "../../engines/native/graph-builder.ts";
import type { OnnxValue } from "../../engines/native/onnx-model.ts";
import {
  type AttentionSizes,
  grouped,
  joinHeads,
  pattern,
  scoresBackward,
  splitHeads,
  visible,
} from "../_internal/attention-native.ts";

/** A pattern without its entries key > query, which may hold anything. */
function causal(graph: GraphBuilder, address: OnnxAddress, sizes: AttentionSizes): OnnxValue {
  const entries = graph.where(visible(graph, sizes.length, 0), graph.read(address, pattern(sizes)), 0);
  return graph.reshape(entries, grouped(sizes));
}

export const attentionApplyForwardToOnnx: KernelToOnnx<"attention_apply_forward"> = (graph, args) => {
  const v = splitHeads(graph, args.v, args, args.kvHeads);
  graph.write(args.out, joinHeads(graph, graph.matmul(causal(graph, args.probs, args), v), args, args.heads));
};

export const attentionApplyBackwardToOnnx: KernelToOnnx<"attention_apply_backward"> = (graph, args) => {
  const { heads, kvHeads, length } = args;
  const dOut = splitHeads(graph, args.dOut, args, heads);
  const v = splitHeads(graph, args.v, args, kvHeads);
  const dProbs = graph.reshape(graph.matmul(dOut, v, { transposeB: true }), pattern(args));
  const dV = graph.matmul(causal(graph, args.probs, args), dOut, { transposeA: true });
  graph.write(args.dProbs, graph.where(visible(graph, length, 0), dProbs, 0));
  graph.write(args.dV, joinHeads(graph, dV, args, kvHeads));
};

export const attentionScoresBackwardToOnnx: KernelToOnnx<"attention_scores_backward"> = (graph, args) =>
  scoresBackward(graph, causal(graph, args.dProbs, args), causal(graph, args.probs, args), args, args);
