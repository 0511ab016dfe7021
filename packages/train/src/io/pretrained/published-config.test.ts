import { CorruptFileError, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { completeConfig } from "../../model/config.ts";
import { tinyPublished } from "../_testing/published-checkpoint.ts";
import { readPublishedConfig } from "./published-config.ts";

const read = (config: unknown, nCtx?: number) => readPublishedConfig(config, { nCtx, largestDepth: 200 });

/** Entries of the configurations of published models that say how large they are. */
const gpt2 = { model_type: "gpt2", n_ctx: 1024, n_embd: 768, n_head: 12, n_layer: 12, n_positions: 1024 };
const llama31 = {
  model_type: "llama",
  hidden_size: 4096,
  intermediate_size: 14336,
  max_position_embeddings: 131072,
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-5,
  rope_scaling: {
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
    rope_type: "llama3",
  },
  rope_theta: 500000,
  tie_word_embeddings: false,
  vocab_size: 128256,
};
const gemma2 = {
  model_type: "gemma2",
  head_dim: 256,
  hidden_size: 2304,
  intermediate_size: 9216,
  num_attention_heads: 8,
  num_hidden_layers: 26,
  num_key_value_heads: 4,
  vocab_size: 256000,
};

describe("config.json of published models", () => {
  test("GPT-2 as published, with the defaults that its file leaves out", () => {
    const { family, options, positions, tied } = read(gpt2);
    expect({ family, positions, tied }).toEqual({ family: "gpt2", positions: 1024, tied: true });
    expect(completeConfig(options)).toMatchObject({
      vocabularySize: 50257,
      dMlp: 3072,
      activation: "gelu-tanh",
      normalization: "pre-layer-norm",
      positional: "learned",
      attentionScale: 1 / 8,
      layerNormEpsilon: 1e-5,
      biases: ["qkv", "attention-out", "mlp", "norm"],
    });
  });

  test("Llama 3.1", () => {
    const { options, tied } = read(llama31, 2048);
    expect(tied).toBe(false);
    expect(completeConfig(options)).toMatchObject({
      nCtx: 2048,
      dHead: 128,
      nKeyValueHeads: 8,
      gatedMlp: true,
      activation: "silu",
      normalization: "pre-rms-norm",
      rotaryBase: 500000,
      rotaryDim: 128,
      rotaryInterleaved: false,
      rotaryScaling: {
        kind: "llama3",
        factor: 8,
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalContext: 8192,
      },
      biases: [],
    });
  });

  test("Gemma 2, whose file leaves almost everything to the defaults", () => {
    const { options, tied, positions } = read(gemma2);
    expect({ tied, positions }).toEqual({ tied: true, positions: 8192 });
    const config = completeConfig(options);
    expect(config).toMatchObject({
      dHead: 256,
      activation: "gelu-tanh",
      postNormalization: true,
      attentionScale: 1 / 16,
      attentionSoftCap: 50,
      outputSoftCap: 30,
      embeddingScale: 48,
    });
    expect(config.attentionWindows.slice(0, 4)).toEqual([4096, 0, 4096, 0]);
    // A window as long as the context is none.
    expect(read(gemma2, 4096).options.attentionWindows?.every((window) => window === 0)).toBe(true);
  });

  test("Qwen2 slides only where it says so", () => {
    const { config } = tinyPublished.qwen2;
    expect(read(config).options.attentionWindows).toEqual([0, 3]);
    expect(read({ ...config, use_sliding_window: false }).options.attentionWindows).toEqual([0, 0]);
    expect(read({ ...config, sliding_window: null }).options.attentionWindows).toEqual([0, 0]);
    expect(read({ ...config, layer_types: ["sliding_attention", "full_attention"] }).options.attentionWindows).toEqual([
      3, 0,
    ]);
  });

  test("rotary parameters in the old and the new place", () => {
    const { config } = tinyPublished.llama;
    const { rope_theta: _, rope_scaling: __, ...rest } = config;
    const fresh = { ...rest, rope_parameters: { rope_type: "linear", rope_theta: 50, factor: 2 } };
    expect(read(fresh)).toEqual(read(config));
    expect(read({ ...rest, rope_parameters: { rope_type: "default", rope_theta: 7 } }).options).toMatchObject({
      rotaryBase: 7,
      rotaryScaling: null,
    });
    expect(read(rest).options.rotaryBase).toBe(10000);
  });

  test("more layers than tensors, and a longer context than the published one", () => {
    expect(() => read({ ...gpt2, n_layer: 1e12 })).toThrow(CorruptFileError);
    expect(() => read(gpt2, 1025)).toThrow(InvalidArgumentError);
    expect(() => read(gpt2, 1024)).not.toThrow();
  });

  test("anything that is not a configuration of these families", () => {
    for (const config of [null, 3, "gpt2", [], undefined]) expect(() => read(config)).toThrow(CorruptFileError);
    for (const name of ["gpt_neox", undefined, 3, "toString"]) {
      expect(() => read({ ...gpt2, model_type: name })).toThrow(UnsupportedError);
    }
    expect(() => read({ ...llama31, hidden_act: "toString" })).toThrow(UnsupportedError);
    expect(() => read({ ...llama31, rms_norm_eps: Number.NaN })).toThrow(CorruptFileError);
  });
});
