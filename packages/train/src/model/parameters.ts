import type { BiasGroup, TransformerConfig } from "./config.ts";
import { type LoraAdapter, loraParameterNames } from "./lora-adapter.ts";

/** One named parameter of a model. */
export interface ParameterSpec {
  readonly name: string;
  /** TransformerLens' shape. */
  readonly shape: readonly number[];
  /** `matrix`: weights and embeddings, decayed by default; `vector`: biases and gains of norms. */
  readonly kind: "matrix" | "vector";
  /** Standard deviation of the initial values, relative to `initScale`; 0 = constant `initial`. */
  readonly scale: number;
  readonly initial: number;
}

/** The name of a linear layer: that of its weight. */
export type LinearName =
  | `blocks.${number}.attn.W_${"Q" | "K" | "V" | "O"}`
  | `blocks.${number}.mlp.W_${"in" | "gate" | "out"}`
  | "unembed.W_U";

/** A linear layer: the weight that LoRA addresses and its sizes as a matrix [nIn, nOut]. */
export interface LinearSpec {
  readonly weight: LinearName;
  /** Name of its bias; undefined where the configuration has none. */
  readonly bias: string | undefined;
  readonly nIn: number;
  readonly nOut: number;
}

/** Every linear layer of a model, from the first to the last. */
export function linearLayers(config: TransformerConfig): readonly LinearSpec[] {
  const { dModel, dHead, nHeads, nKeyValueHeads, dMlp, outputSize } = config;
  const layers: LinearSpec[] = [];
  const add = (weight: LinearName, group: BiasGroup, nIn: number, nOut: number): void => {
    const bias = config.biases.includes(group) ? weight.replace(".W_", ".b_") : undefined;
    layers.push({ weight, bias, nIn, nOut });
  };
  for (let i = 0; i < config.nLayers; i++) {
    add(`blocks.${i}.attn.W_Q`, "qkv", dModel, nHeads * dHead);
    add(`blocks.${i}.attn.W_K`, "qkv", dModel, nKeyValueHeads * dHead);
    add(`blocks.${i}.attn.W_V`, "qkv", dModel, nKeyValueHeads * dHead);
    add(`blocks.${i}.attn.W_O`, "attention-out", nHeads * dHead, dModel);
    if (config.attentionOnly) continue;
    if (config.gatedMlp) add(`blocks.${i}.mlp.W_gate`, "mlp", dModel, dMlp);
    add(`blocks.${i}.mlp.W_in`, "mlp", dModel, dMlp);
    add(`blocks.${i}.mlp.W_out`, "mlp", dMlp, dModel);
  }
  add("unembed.W_U", "unembed", dModel, outputSize);
  return layers;
}

/** Heads whose columns a weight [heads, dModel, dHead] holds apart: those of `W_Q`, `W_K` and `W_V`; 1 elsewhere. */
export function separateHeads(config: TransformerConfig, weight: string): number {
  if (/\.attn\.W_Q$/.test(weight)) return config.nHeads;
  return /\.attn\.W_[KV]$/.test(weight) ? config.nKeyValueHeads : 1;
}

/**
 * Every parameter of a model in its canonical order. A tied model has no `unembed.W_U`: its unembedding is the transpose of `embed.W_E`.
 * Each adapter adds `<target>.lora_A` [nIn, rank] and `<target>.lora_B` [rank, nOut], the transposes of PEFT's.
 */
export function parameterSpecs(config: TransformerConfig, adapters: readonly LoraAdapter[]): readonly ParameterSpec[] {
  const { dModel, dHead, dMlp, nHeads, nKeyValueHeads, nLayers } = config;
  const residual = 1 / Math.sqrt(2 * nLayers);
  const specs: ParameterSpec[] = [];
  const matrix = (name: string, shape: readonly number[], scale = 1): void => {
    specs.push({ name, shape, kind: "matrix", scale, initial: 0 });
  };
  const vector = (group: BiasGroup | "gain", name: string, shape: readonly number[]): void => {
    if (group !== "gain" && !config.biases.includes(group)) return;
    specs.push({ name, shape, kind: "vector", scale: 0, initial: group === "gain" ? 1 : 0 });
  };
  const norm = (name: string): void => {
    if (config.normalization === "none") return;
    vector("gain", `${name}.w`, [dModel]);
    vector("norm", `${name}.b`, [dModel]);
  };
  matrix("embed.W_E", [config.vocabularySize, dModel]);
  if (config.positional === "learned") matrix("pos_embed.W_pos", [config.nCtx, dModel]);
  for (let i = 0; i < nLayers; i++) {
    const block = `blocks.${i}`;
    norm(`${block}.ln1`);
    for (const letter of ["Q", "K", "V"]) {
      const heads = letter === "Q" ? nHeads : nKeyValueHeads;
      matrix(`${block}.attn.W_${letter}`, [heads, dModel, dHead]);
      vector("qkv", `${block}.attn.b_${letter}`, [heads, dHead]);
    }
    matrix(`${block}.attn.W_O`, [nHeads, dHead, dModel], residual);
    vector("attention-out", `${block}.attn.b_O`, [dModel]);
    if (config.postNormalization) norm(`${block}.ln1_post`);
    if (config.attentionOnly) continue;
    norm(`${block}.ln2`);
    if (config.gatedMlp) {
      matrix(`${block}.mlp.W_gate`, [dModel, dMlp]);
      vector("mlp", `${block}.mlp.b_gate`, [dMlp]);
    }
    matrix(`${block}.mlp.W_in`, [dModel, dMlp]);
    vector("mlp", `${block}.mlp.b_in`, [dMlp]);
    matrix(`${block}.mlp.W_out`, [dMlp, dModel], residual);
    vector("mlp", `${block}.mlp.b_out`, [dModel]);
    if (config.postNormalization) norm(`${block}.ln2_post`);
  }
  norm("ln_final");
  if (!config.tiedUnembedding) matrix("unembed.W_U", [dModel, config.outputSize]);
  vector("unembed", "unembed.b_U", [config.outputSize]);
  const layers = new Map<string, LinearSpec>(linearLayers(config).map((layer) => [layer.weight, layer]));
  for (const adapter of adapters) {
    const layer = layers.get(adapter.target);
    if (layer === undefined) continue;
    const { a, b } = loraParameterNames(adapter);
    matrix(a, [layer.nIn, adapter.rank]);
    matrix(b, [adapter.rank, layer.nOut]);
  }
  return specs;
}

/** Product of the entries of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
