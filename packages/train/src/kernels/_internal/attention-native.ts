import type { GraphBuilder, OnnxAddress } from "../../engines/native/graph-builder.ts";
import type { OnnxValue } from "../../engines/native/onnx-model.ts";

/** The sizes of an attention kernel. */
export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly length: number;
  readonly dh: number;
}

/** What the scores are made of. */
export interface ScoreOptions extends AttentionSizes {
  readonly window: number;
  readonly scale: number;
  readonly softCap: number;
}

/**
 * The vectors of all heads, [rows, heads dh], as [batch, kvHeads, queries, dh]: the query heads that share a key head lie one after another, so their queries are
 * rows of one product (and the gradients of keys and values are summed over them by it).
 */
export function splitHeads(
  graph: GraphBuilder,
  address: OnnxAddress,
  { batch, kvHeads, length, dh }: AttentionSizes,
  heads: number,
): OnnxValue {
  const byHead = graph.transpose(graph.read(address, [batch, length, heads, dh]), [0, 2, 1, 3]);
  return graph.reshape(byHead, [batch, kvHeads, (heads / kvHeads) * length, dh]);
}

/** The inverse of {@link splitHeads}, as [batch, length, heads, dh]. */
export function joinHeads(
  graph: GraphBuilder,
  value: OnnxValue,
  { batch, length, dh }: AttentionSizes,
  heads: number,
): OnnxValue {
  return graph.transpose(graph.reshape(value, [batch, heads, length, dh]), [0, 2, 1, 3]);
}

/** A pattern [batch, heads, length, length] in the shape of products with grouped heads, and back. */
export const grouped = ({ batch, heads, kvHeads, length }: AttentionSizes): readonly number[] => [
  batch,
  kvHeads,
  (heads / kvHeads) * length,
  length,
];
export const pattern = ({ batch, heads, length }: AttentionSizes): readonly number[] => [batch, heads, length, length];

/** Whether query i sees key j, [length, length]: j <= i and, where window > 0, j > i - window. Made of constants only, so the runtime computes it once. */
export function visible(graph: GraphBuilder, length: number, window: number): OnnxValue {
  const index = graph.constant(Array.from({ length }, (_, i) => i));
  const age = graph.sub(graph.reshape(index, [length, 1]), graph.reshape(index, [1, length]));
  const past = graph.compare("GreaterOrEqual", age, 0);
  if (window <= 0 || window >= length) return past;
  const recent = graph.compare("Less", age, window);
  return graph.node("And", [past, recent], [length, length], { type: "bool" });
}

/** scale q k^T, and where it is capped tanh(scale q k^T / cap), [batch, kvHeads, queries, length]. */
export function rawScores(
  graph: GraphBuilder,
  q: OnnxValue,
  k: OnnxValue,
  { scale, softCap }: ScoreOptions,
): OnnxValue {
  const alpha = softCap > 0 ? scale / softCap : scale;
  const scores = graph.matmul(q, k, { transposeB: true, alpha });
  return softCap > 0 ? graph.map("Tanh", scores) : scores;
}

/** dQ and dK from the gradient of the softmax's output, [batch, kvHeads, queries, length], and that output. */
export function scoresBackward(
  graph: GraphBuilder,
  dProbs: OnnxValue,
  probs: OnnxValue,
  address: { readonly q: OnnxAddress; readonly k: OnnxAddress; readonly dQ: OnnxAddress; readonly dK: OnnxAddress },
  options: ScoreOptions,
): void {
  const { heads, kvHeads, scale, softCap } = options;
  const q = splitHeads(graph, address.q, options, heads);
  const k = splitHeads(graph, address.k, options, kvHeads);
  const mean = graph.reduce("ReduceSum", graph.mul(probs, dProbs), [3]);
  let dScores = graph.mul(probs, graph.sub(dProbs, mean));
  if (softCap > 0) {
    const ratio = rawScores(graph, q, k, options);
    dScores = graph.mul(dScores, graph.sub(1, graph.mul(ratio, ratio)));
  }
  graph.write(address.dQ, joinHeads(graph, graph.matmul(dScores, k, { alpha: scale }), options, heads));
  const dK = graph.matmul(dScores, q, { transposeA: true, alpha: scale });
  graph.write(address.dK, joinHeads(graph, dK, options, kvHeads));
}
