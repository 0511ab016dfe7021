import type { TransformerOptions } from "../config.ts";

/** Architectures that together use every option of the configuration, as options of `randomModel`. */
export const architectures: readonly { readonly name: string; readonly options: Partial<TransformerOptions> }[] = [
  {
    name: "GPT-2",
    options: { activation: "gelu-tanh", tiedUnembedding: true, biases: ["qkv", "attention-out", "mlp", "norm"] },
  },
  {
    name: "Llama",
    options: {
      activation: "silu",
      gatedMlp: true,
      normalization: "pre-rms-norm",
      positional: "rotary",
      biases: "none",
      nKeyValueHeads: 1,
      rotaryScaling: {
        kind: "llama3",
        factor: 4,
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalContext: 32,
      },
    },
  },
  {
    name: "Qwen2",
    options: {
      activation: "silu",
      gatedMlp: true,
      normalization: "pre-rms-norm",
      positional: "rotary",
      rotaryBase: 100,
      rotaryScaling: { kind: "linear", factor: 2 },
      biases: ["qkv"],
      tiedUnembedding: true,
    },
  },
  {
    name: "Gemma 2",
    options: {
      activation: "gelu-tanh",
      gatedMlp: true,
      normalization: "pre-rms-norm",
      postNormalization: true,
      positional: "rotary",
      biases: "none",
      nHeads: 4,
      nKeyValueHeads: 2,
      dHead: 2,
      attentionScale: 0.4,
      attentionSoftCap: 1.5,
      attentionWindows: [2, 0],
      outputSoftCap: 1,
      embeddingScale: 2,
      tiedUnembedding: true,
    },
  },
  {
    name: "GPT-J positions",
    options: { positional: "rotary", rotaryInterleaved: true, nHeads: 1, dHead: 4, rotaryDim: 2, activation: "relu" },
  },
  { name: "attention only, no norms", options: { attentionOnly: true, normalization: "none" } },
  { name: "no norms, no positions", options: { normalization: "none", positional: "none", embeddingScale: 0.5 } },
  {
    name: "layer norms after the layers, gated, scaled embedding",
    options: { postNormalization: true, gatedMlp: true, embeddingScale: 3 },
  },
];
