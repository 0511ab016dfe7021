import type { TransformerConfig } from "../model/config.ts";
import { type LinearName, type LinearSpec, linearLayers } from "../model/parameters.ts";

/**
 * Names of the modules that an adapter's files speak of: `gpt2` (`transformer.h.0.attn.c_attn`, ...) and `llama` (`model.layers.0.self_attn.q_proj`, ..., also those of Qwen2 and
 * Gemma 2) as in Hugging Face transformers, `blocks` (`blocks.0.attn.W_Q`, ...) as in this package.
 */
export type PeftModuleNames = "gpt2" | "llama" | "blocks";

/** A module in the sense of PEFT: one of our linear layers, or GPT-2's `c_attn`, which is three of them side by side. */
export interface PeftModule {
  readonly name: string;
  readonly layers: readonly LinearSpec[];
}

/** The names that a model of this configuration has where it is published; `blocks` where no published architecture is like it. */
export function peftModuleNames(config: TransformerConfig): PeftModuleNames {
  const { biases } = config;
  const plain = !config.postNormalization && config.outputSoftCap === 0 && config.attentionSoftCap === 0;
  const gpt2 =
    plain &&
    config.positional === "learned" &&
    config.normalization === "pre-layer-norm" &&
    !config.gatedMlp &&
    !config.attentionOnly &&
    config.nKeyValueHeads === config.nHeads &&
    config.nHeads * config.dHead === config.dModel &&
    ["qkv", "attention-out", "mlp", "norm"].every((group) => biases.some((one) => one === group)) &&
    !biases.includes("unembed");
  if (gpt2) return "gpt2";
  const llama =
    config.positional === "rotary" &&
    config.normalization === "pre-rms-norm" &&
    config.gatedMlp &&
    !config.attentionOnly &&
    !config.rotaryInterleaved &&
    config.rotaryDim === config.dHead &&
    !biases.includes("unembed");
  return llama ? "llama" : "blocks";
}

const gpt2Names: Readonly<Record<string, string>> = {
  "attn.W_Q": "attn.c_attn",
  "attn.W_K": "attn.c_attn",
  "attn.W_V": "attn.c_attn",
  "attn.W_O": "attn.c_proj",
  "mlp.W_in": "mlp.c_fc",
  "mlp.W_out": "mlp.c_proj",
};

const llamaNames: Readonly<Record<string, string>> = {
  "attn.W_Q": "self_attn.q_proj",
  "attn.W_K": "self_attn.k_proj",
  "attn.W_V": "self_attn.v_proj",
  "attn.W_O": "self_attn.o_proj",
  "mlp.W_gate": "mlp.gate_proj",
  "mlp.W_in": "mlp.up_proj",
  "mlp.W_out": "mlp.down_proj",
};

/** The module of a linear layer; undefined where these names have none. */
function moduleOf(weight: LinearName, names: PeftModuleNames): string | undefined {
  if (names === "blocks") return weight;
  if (weight === "unembed.W_U") return "lm_head";
  const [, layer, rest = ""] = /^blocks\.(\d+)\.(.*)$/.exec(weight) ?? [];
  const inner = (names === "gpt2" ? gpt2Names : llamaNames)[rest];
  if (inner === undefined) return undefined;
  return names === "gpt2" ? `transformer.h.${layer}.${inner}` : `model.layers.${layer}.${inner}`;
}

/** Every module that can have an adapter, from the first layer to the last. */
export function peftModules(config: TransformerConfig, names: PeftModuleNames): readonly PeftModule[] {
  const modules = new Map<string, LinearSpec[]>();
  for (const layer of linearLayers(config)) {
    const name = moduleOf(layer.weight, names);
    if (name === undefined) continue;
    const known = modules.get(name);
    if (known === undefined) modules.set(name, [layer]);
    else known.push(layer);
  }
  return Array.from(modules, ([name, layers]) => ({ name, layers }));
}
