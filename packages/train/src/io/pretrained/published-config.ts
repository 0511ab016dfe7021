import { CorruptFileError, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import type { RotaryScaling, TransformerConfig, TransformerOptions } from "../../model/config.ts";
import { brief } from "../_internal/brief.ts";
import { isRecord } from "../_internal/is-record.ts";

/** Architectures whose published weights are read. */
export type PretrainedFamily = "gpt2" | "llama" | "qwen2" | "gemma2";

const families: readonly PretrainedFamily[] = ["gpt2", "llama", "qwen2", "gemma2"];

/** What a `config.json` says of a model. */
export interface PublishedConfig {
  readonly family: PretrainedFamily;
  readonly options: TransformerOptions;
  /** Longest sequence of the published model; GPT-2 has so many rows of positions. */
  readonly positions: number;
  /** Whether the unembedding is the embedding; undefined where the file does not say. */
  readonly tied: boolean | undefined;
}

const source = "fromPretrained";

function unsupported(problem: string): never {
  throw new UnsupportedError({ source, problem, remedy: "Use a model without it, or convert its weights yourself" });
}

function corrupt(problem: string): never {
  throw new CorruptFileError({ source, problem, remedy: "Check that config.json belongs to the weights" });
}

/** Names of activations in published configurations. */
const activations: ReadonlyMap<unknown, TransformerConfig["activation"]> = new Map([
  ["gelu_new", "gelu-tanh"],
  ["gelu_pytorch_tanh", "gelu-tanh"],
  ["gelu", "gelu"],
  ["relu", "relu"],
  ["silu", "silu"],
  ["swish", "silu"],
]);

/** Typed access to the entries of a `config.json`. */
class Entries {
  readonly #entries: Readonly<Record<string, unknown>>;

  constructor(entries: Readonly<Record<string, unknown>>) {
    this.#entries = entries;
  }

  get(name: string): unknown {
    return this.#entries[name];
  }

  /** A number; null only where it has the meaning `none`, which is returned then. */
  number(name: string, initial?: number, none?: number): number {
    const value = this.#entries[name];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value === null && none !== undefined) return none;
    if (value === undefined && initial !== undefined) return initial;
    return corrupt(`config.json has ${name} ${brief(value)}`);
  }

  flag(name: string, initial: boolean): boolean {
    const value = this.#entries[name] ?? initial;
    return typeof value === "boolean" ? value : corrupt(`config.json has ${name} ${brief(value)}`);
  }

  activation(name: string, initial: string): TransformerConfig["activation"] {
    const value = this.#entries[name] ?? initial;
    return activations.get(value) ?? unsupported(`config.json has ${name} ${brief(value)}`);
  }

  /** Refuses a part of the published architecture that changes what is computed and is not built. */
  refuse(name: string, usual: readonly unknown[]): void {
    const value = this.#entries[name];
    if (value !== undefined && !usual.includes(value)) unsupported(`config.json has ${name} ${brief(value)}`);
  }
}

/** Base and scaling of the rotary angles: `rope_parameters`, or `rope_theta` and `rope_scaling` of older files. */
function readRotary(config: Entries): { readonly rotaryBase: number; readonly rotaryScaling: RotaryScaling | null } {
  const given = config.get("rope_parameters") ?? config.get("rope_scaling") ?? {};
  if (!isRecord(given)) return corrupt(`config.json has rope parameters ${brief(given)}`);
  const rope = new Entries(given);
  const rotaryBase = rope.number("rope_theta", config.number("rope_theta", 10000));
  for (const entries of [config, rope]) entries.refuse("partial_rotary_factor", [1, null]);
  const kind = given.rope_type ?? given.type ?? "default";
  switch (kind) {
    case "default":
      return { rotaryBase, rotaryScaling: null };
    case "linear":
      return { rotaryBase, rotaryScaling: { kind: "linear", factor: rope.number("factor") } };
    case "llama3": {
      const scaling = {
        kind: "llama3",
        factor: rope.number("factor"),
        lowFrequencyFactor: rope.number("low_freq_factor"),
        highFrequencyFactor: rope.number("high_freq_factor"),
        originalContext: rope.number("original_max_position_embeddings"),
      } as const;
      return { rotaryBase, rotaryScaling: scaling };
    }
    default:
      return unsupported(`config.json has rotary positions of type ${brief(kind)}`);
  }
}

/** Window of every layer: `layer_types` where it is given, otherwise where `slides` says so. 0 is the whole context. */
function readWindows(
  config: Entries,
  nLayers: number,
  nCtx: number,
  window: number,
  slides: (layer: number) => boolean,
): readonly number[] {
  const types = config.get("layer_types") ?? undefined;
  const known = ["sliding_attention", "full_attention"];
  if (
    types !== undefined &&
    !(Array.isArray(types) && types.length === nLayers && types.every((t) => known.includes(t)))
  ) {
    return unsupported(`config.json has layer_types ${brief(types)} for ${nLayers} layers`);
  }
  return Array.from({ length: nLayers }, (_, layer) => {
    const slid = types === undefined ? slides(layer) : types[layer] === "sliding_attention";
    return slid && window < nCtx ? window : 0;
  });
}

function readGpt2(config: Entries, nCtx: number): TransformerOptions {
  config.refuse("scale_attn_by_inverse_layer_idx", [false, null]);
  config.refuse("add_cross_attention", [false, null]);
  const dModel = config.number("n_embd", 768);
  const nHeads = config.number("n_head", 12);
  return {
    nLayers: config.number("n_layer", 12),
    dModel,
    nHeads,
    nCtx,
    vocabularySize: config.number("vocab_size", 50257),
    dMlp: config.number("n_inner", 4 * dModel, 4 * dModel),
    activation: config.activation("activation_function", "gelu_new"),
    layerNormEpsilon: config.number("layer_norm_epsilon", 1e-5),
    attentionScale: config.flag("scale_attn_weights", true) ? 1 / Math.sqrt(dModel / nHeads) : 1,
    biases: ["qkv", "attention-out", "mlp", "norm"],
  };
}

/** What Llama, Qwen2 and Gemma 2 have in common: root-mean-square norms, rotary positions, a gated MLP, grouped queries. */
function readGated(config: Entries, nCtx: number, family: Exclude<PretrainedFamily, "gpt2">) {
  const gemma = family === "gemma2";
  const dModel = config.number("hidden_size");
  const nHeads = config.number("num_attention_heads");
  return {
    nLayers: config.number("num_hidden_layers"),
    dModel,
    nHeads,
    dHead: config.number("head_dim", gemma ? 256 : dModel / nHeads, gemma ? 256 : dModel / nHeads),
    nKeyValueHeads: config.number("num_key_value_heads", gemma ? 4 : nHeads, nHeads),
    dMlp: config.number("intermediate_size"),
    nCtx,
    vocabularySize: config.number("vocab_size"),
    activation: gemma
      ? config.activation("hidden_activation", "gelu_pytorch_tanh")
      : config.activation("hidden_act", "silu"),
    gatedMlp: true,
    normalization: "pre-rms-norm",
    layerNormEpsilon: config.number("rms_norm_eps", 1e-6),
    positional: "rotary",
    ...readRotary(config),
  } as const satisfies TransformerOptions;
}

function readLlama(config: Entries, nCtx: number): TransformerOptions {
  const options = readGated(config, nCtx, "llama");
  const attention = config.flag("attention_bias", false) ? (["qkv", "attention-out"] as const) : [];
  return { ...options, biases: [...attention, ...(config.flag("mlp_bias", false) ? (["mlp"] as const) : [])] };
}

function readQwen2(config: Entries, nCtx: number): TransformerOptions {
  const options = readGated(config, nCtx, "qwen2");
  const window = config.flag("use_sliding_window", false)
    ? config.number("sliding_window", 4096, options.nCtx)
    : options.nCtx;
  const first = config.number("max_window_layers", 28);
  const attentionWindows = readWindows(config, options.nLayers, options.nCtx, window, (layer) => layer >= first);
  return { ...options, attentionWindows, biases: ["qkv"] };
}

function readGemma2(config: Entries, nCtx: number): TransformerOptions {
  config.refuse("use_bidirectional_attention", [false, null]);
  const options = readGated(config, nCtx, "gemma2");
  const window = config.number("sliding_window", 4096, options.nCtx);
  return {
    ...options,
    postNormalization: true,
    attentionScale: config.number("query_pre_attn_scalar", 256) ** -0.5,
    attentionSoftCap: config.number("attn_logit_softcapping", 50, 0),
    outputSoftCap: config.number("final_logit_softcapping", 30, 0),
    attentionWindows: readWindows(config, options.nLayers, options.nCtx, window, (layer) => layer % 2 === 0),
    embeddingScale: Math.sqrt(options.dModel),
    biases: config.flag("attention_bias", false) ? ["qkv", "attention-out"] : [],
  };
}

const readers: Readonly<Record<PretrainedFamily, (config: Entries, nCtx: number) => TransformerOptions>> = {
  gpt2: readGpt2,
  llama: readLlama,
  qwen2: readQwen2,
  gemma2: readGemma2,
};

/** Where a configuration says how long a sequence may be, and what holds where it does not. */
const contexts: Readonly<Record<PretrainedFamily, readonly [string, number]>> = {
  gpt2: ["n_positions", 1024],
  llama: ["max_position_embeddings", 2048],
  qwen2: ["max_position_embeddings", 32768],
  gemma2: ["max_position_embeddings", 8192],
};

/**
 * Reads the `config.json` of a published model with at most `largestDepth` layers.
 *
 * @throws UnsupportedError if the architecture, or an option that changes what is computed, is not built
 * @throws CorruptFileError if an entry is missing or of the wrong kind
 * @throws InvalidArgumentError if `nCtx` is longer than the published context
 */
export function readPublishedConfig(
  config: unknown,
  options: { readonly nCtx?: number | undefined; readonly largestDepth: number },
): PublishedConfig {
  if (!isRecord(config)) return corrupt("config.json is not an object");
  const family = families.find((name) => name === config.model_type);
  if (family === undefined) return unsupported(`config.json has model_type ${brief(config.model_type)}`);
  const entries = new Entries(config);
  entries.refuse("quantization_config", [null]);
  const depth = entries.number(family === "gpt2" ? "n_layer" : "num_hidden_layers", 12);
  if (depth > options.largestDepth) corrupt(`config.json has ${depth} layers for ${options.largestDepth} tensors`);
  const [name, initial] = contexts[family];
  const positions = entries.number(name, initial);
  const nCtx = options.nCtx ?? positions;
  if (nCtx > positions) {
    const problem = `nCtx is ${nCtx} for a model of at most ${positions} positions`;
    throw new InvalidArgumentError({ source, problem, remedy: `Give at most ${positions}` });
  }
  const tied = config.tie_word_embeddings ?? (family === "gpt2" || family === "gemma2" ? true : undefined);
  if (tied !== undefined && typeof tied !== "boolean") corrupt(`config.json has tie_word_embeddings ${brief(tied)}`);
  return {
    family,
    options: readers[family](entries, nCtx),
    positions,
    tied: tied === undefined ? undefined : tied === true,
  };
}
