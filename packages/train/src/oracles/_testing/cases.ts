import { createKey } from "@semifactor/ghmm";
import { addLora } from "../../lora/add-lora.ts";
import { perturbed } from "../../model/_testing/random-model.ts";
import type { TransformerOptions } from "../../model/config.ts";
import { createTransformer, type Transformer } from "../../model/transformer.ts";
import type { TrainableSpec } from "../../plan/trainable.ts";
import type { LossGradient, WeightedBatch } from "./operations.ts";

/** A model whose gradients are compared. */
export interface OracleCase {
  readonly name: string;
  readonly model: Transformer;
  readonly trainable: TrainableSpec;
}

/** Sizes of which no two that could be confused are equal. */
function model(options: Partial<TransformerOptions>): Transformer {
  const sizes = { nLayers: 1, dModel: 6, nHeads: 2, dMlp: 7, nCtx: 5, vocabularySize: 5 };
  return createTransformer({ ...sizes, outputSize: options.tiedUnembedding ? 5 : 3, ...options });
}

const llama = {
  normalization: "pre-rms-norm",
  activation: "silu",
  gatedMlp: true,
  positional: "rotary",
  nHeads: 4,
  nKeyValueHeads: 2,
  dHead: 4,
  biases: "none",
} as const;

const adapted = (options: Partial<TransformerOptions>): Transformer => {
  const all = addLora(model(options), { target: ["all-linear", "unembed.W_U"], rank: 2, alpha: 3, key: createKey(1) });
  return addLora(all, {
    target: "blocks.*.attn.*",
    rank: 1,
    alpha: 2,
    name: "second",
    rsLora: true,
    key: createKey(2),
  });
};

/** Architectures and what is trained in them; tensors of all cases are small, since the libraries compile a kernel for every shape. */
const cases: readonly OracleCase[] = [
  { name: "two pre-layer-norm blocks", model: model({ nLayers: 2 }), trainable: "all" },
  { name: "tied unembedding, relu", model: model({ tiedUnembedding: true, activation: "relu" }), trainable: "all" },
  { name: "RMSNorm, SwiGLU, rotary positions, grouped queries", model: model(llama), trainable: "all" },
  {
    name: "norms after layers, capped scores and logits, a window, tanh-GELU with a gate, scaled embeddings",
    model: model({
      ...llama,
      activation: "gelu-tanh",
      rotaryInterleaved: true,
      rotaryDim: 2,
      postNormalization: true,
      attentionSoftCap: 1.5,
      outputSoftCap: 2,
      attentionWindows: [2],
      attentionScale: 0.7,
      embeddingScale: Math.sqrt(6),
      tiedUnembedding: true,
    }),
    trainable: "all",
  },
  {
    name: "attention only, no norms, no positions",
    model: model({ attentionOnly: true, normalization: "none", positional: "none" }),
    trainable: "all",
  },
  { name: "adapters of a frozen model", model: adapted({}), trainable: "adapters" },
  { name: "adapters and all weights, gates and grouped queries", model: adapted(llama), trainable: "all" },
];

/** The cases with every weight, gain and bias random: none is at its initial constant. */
export const oracleCases: readonly OracleCase[] = cases.map((one) => ({ ...one, model: perturbed(one.model, 0.2) }));

/** Every kind of row: weights of several sizes and targets that do not count. */
export const oracleBatch: WeightedBatch = (() => {
  const [batch, length] = [4, 4];
  const rows = batch * length;
  return {
    batch,
    length,
    tokens: Int32Array.from({ length: rows }, (_, r) => (r * r + (r >> 2)) % 5),
    targets: Int32Array.from({ length: rows }, (_, r) => (r % 6 === 4 ? -1 : (r * 7 + (r >> 1)) % 3)),
    weights: Float64Array.from({ length: rows }, (_, r) => (r % 6 === 4 ? 0 : ((r % 5) + 1) / 32)),
  };
})();

/**
 * Largest difference of the entries of a gradient over its largest entry, over all parameters. Entries of a parameter whose gradient is 0 in exact arithmetic, such as the
 * bias of keys, are compared with a thousandth of the largest entry of all gradients.
 */
export function relativeError(actual: LossGradient["gradients"], expected: LossGradient["gradients"]): number {
  const largest = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const floor = 1e-3 * Math.max(...[...actual.values()].map(largest));
  let worst = 0;
  for (const [name, values] of actual) {
    const other = expected.get(name) ?? [];
    if (other.length !== values.length) return Number.POSITIVE_INFINITY;
    const differences = Array.from(values, (value, i) => value - (other[i] ?? Number.NaN));
    const error = largest(differences) / Math.max(largest(values), floor);
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }
  return worst;
}
