import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";
import {
  grouped,
  joinHeads,
  pattern,
  rawScores,
  scoresBackward,
  splitHeads,
  visible,
} from "../_internal/attention-native.ts";

export const attentionForwardToOnnx: KernelToOnnx<"attention_forward"> = (graph, args) => {
  const { heads, kvHeads, length, window, softCap } = args;
  const q = splitHeads(graph, args.q, args, heads);
  const k = splitHeads(graph, args.k, args, kvHeads);
  const raw = graph.reshape(rawScores(graph, q, k, args), pattern(args));
  const scores = softCap > 0 ? graph.mul(raw, softCap) : raw;
  // What is not seen gets the score -infinity, hence the probability 0.
  const penalty = graph.where(visible(graph, length, window), 0, Number.NEGATIVE_INFINITY);
  const probs = graph.softmax(graph.add(scores, penalty));
  graph.write(args.probs, probs);
  const v = splitHeads(graph, args.v, args, kvHeads);
  const out = graph.matmul(graph.reshape(probs, grouped(args)), v);
  graph.write(args.out, joinHeads(graph, out, args, heads));
};

export const attentionBackwardToOnnx: KernelToOnnx<"attention_backward"> = (graph, args) => {
  const { heads, kvHeads } = args;
  const dOut = splitHeads(graph, args.dOut, args, heads);
  const v = splitHeads(graph, args.v, args, kvHeads);
  const probs = graph.read(args.probs, grouped(args));
  const dProbs = graph.matmul(dOut, v, { transposeB: true });
  const dV = joinHeads(graph, graph.matmul(probs, dOut, { transposeA: true }), args, kvHeads);
  scoresBackward(graph, dProbs, probs, args, args);
  graph.write(args.dV, dV);
};
