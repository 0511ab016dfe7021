import type { Tensor } from "../safetensors.ts";

/** A tiny published model: its `config.json` and the shapes of its tensors. */
export interface TinyPublished {
  readonly config: Readonly<Record<string, unknown>>;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** Entry i of the k-th tensor, uniform in [-1/2, 1/2): the same integer arithmetic as in published_models.py, by which transformers computes logits of these models. */
export function hashedUniform(tensor: number, i: number): number {
  let h = (Math.imul(i + 1, 0x9e3779b1) + Math.imul(tensor + 1, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0;
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39) >>> 0;
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32 - 0.5;
}

/** Gains of norms that are stored as they are lie around 1, everything else around 0. */
function center(name: string, family: unknown): number {
  return family !== "gemma2" && /(norm|ln_\w)\.weight$/.test(name) ? 1 : 0;
}

/** The tensors of a tiny model, with float32 values, in the order of their names. */
export function hashedTensors({ config, shapes }: TinyPublished): ReadonlyMap<string, Tensor> {
  const names = [...shapes.keys()].toSorted();
  return new Map(
    names.map((name, k) => {
      const shape = shapes.get(name) ?? [];
      const length = shape.reduce((product, size) => product * size, 1);
      const middle = center(name, config.model_type);
      return [name, { values: Float32Array.from({ length }, (_, i) => middle + hashedUniform(k, i)), shape }];
    }),
  );
}

function gpt2Shapes(d: number, layers: number, vocabulary: number, positions: number): TinyPublished["shapes"] {
  const shapes = new Map<string, readonly number[]>([
    ["transformer.wte.weight", [vocabulary, d]],
    ["transformer.wpe.weight", [positions, d]],
    ["transformer.ln_f.weight", [d]],
    ["transformer.ln_f.bias", [d]],
  ]);
  for (let i = 0; i < layers; i++) {
    const linear = (name: string, nIn: number, nOut: number): void => {
      shapes.set(`transformer.h.${i}.${name}.weight`, [nIn, nOut]).set(`transformer.h.${i}.${name}.bias`, [nOut]);
    };
    linear("attn.c_attn", d, 3 * d);
    linear("attn.c_proj", d, d);
    linear("mlp.c_fc", d, 4 * d);
    linear("mlp.c_proj", 4 * d, d);
    for (const n of [1, 2]) {
      shapes.set(`transformer.h.${i}.ln_${n}.weight`, [d]).set(`transformer.h.${i}.ln_${n}.bias`, [d]);
    }
  }
  return shapes;
}

interface GatedSizes {
  readonly d: number;
  readonly layers: number;
  readonly vocabulary: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly dHead: number;
  readonly dMlp: number;
  readonly biases: readonly string[];
  readonly gemma?: boolean;
  readonly head?: boolean;
}

function gatedShapes(sizes: GatedSizes): TinyPublished["shapes"] {
  const { d, dMlp, heads, kvHeads, dHead, biases } = sizes;
  const shapes = new Map<string, readonly number[]>([
    ["model.embed_tokens.weight", [sizes.vocabulary, d]],
    ["model.norm.weight", [d]],
  ]);
  if (sizes.head) shapes.set("lm_head.weight", [sizes.vocabulary, d]);
  for (let i = 0; i < sizes.layers; i++) {
    const linear = (name: string, nOut: number, nIn: number): void => {
      shapes.set(`model.layers.${i}.${name}.weight`, [nOut, nIn]);
      if (biases.includes(name)) shapes.set(`model.layers.${i}.${name}.bias`, [nOut]);
    };
    linear("self_attn.q_proj", heads * dHead, d);
    linear("self_attn.k_proj", kvHeads * dHead, d);
    linear("self_attn.v_proj", kvHeads * dHead, d);
    linear("self_attn.o_proj", d, heads * dHead);
    linear("mlp.gate_proj", dMlp, d);
    linear("mlp.up_proj", dMlp, d);
    linear("mlp.down_proj", d, dMlp);
    const extra = sizes.gemma ? ["pre_feedforward_layernorm", "post_feedforward_layernorm"] : [];
    for (const norm of ["input_layernorm", "post_attention_layernorm", ...extra]) {
      shapes.set(`model.layers.${i}.${norm}.weight`, [d]);
    }
  }
  return shapes;
}

const qkv = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"];
const mlp = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];

/** Tiny models of every family, with configurations as transformers writes them. */
export const tinyPublished: Readonly<Record<"gpt2" | "llama" | "llama3" | "qwen2" | "gemma2", TinyPublished>> = {
  gpt2: {
    config: { model_type: "gpt2", vocab_size: 11, n_positions: 9, n_embd: 8, n_layer: 2, n_head: 2, n_inner: null },
    shapes: gpt2Shapes(8, 2, 11, 9),
  },
  llama: {
    config: {
      model_type: "llama",
      vocab_size: 11,
      hidden_size: 8,
      intermediate_size: 12,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 6,
      hidden_act: "silu",
      max_position_embeddings: 16,
      rms_norm_eps: 1e-5,
      rope_theta: 50,
      rope_scaling: { type: "linear", factor: 2 },
      attention_bias: true,
      mlp_bias: true,
      tie_word_embeddings: false,
    },
    shapes: gatedShapes({
      d: 8,
      layers: 2,
      vocabulary: 11,
      heads: 4,
      kvHeads: 2,
      dHead: 6,
      dMlp: 12,
      biases: [...qkv, "self_attn.o_proj", ...mlp],
      head: true,
    }),
  },
  llama3: {
    config: {
      model_type: "llama",
      vocab_size: 11,
      hidden_size: 16,
      intermediate_size: 12,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      hidden_act: "silu",
      max_position_embeddings: 64,
      rms_norm_eps: 1e-5,
      rope_parameters: {
        rope_type: "llama3",
        rope_theta: 500,
        factor: 4,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 32,
      },
      tie_word_embeddings: true,
    },
    shapes: gatedShapes({
      d: 16,
      layers: 2,
      vocabulary: 11,
      heads: 2,
      kvHeads: 1,
      dHead: 8,
      dMlp: 12,
      biases: [],
    }),
  },
  qwen2: {
    config: {
      model_type: "qwen2",
      vocab_size: 11,
      hidden_size: 8,
      intermediate_size: 12,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      hidden_act: "silu",
      max_position_embeddings: 16,
      rms_norm_eps: 1e-6,
      rope_theta: 100,
      use_sliding_window: true,
      sliding_window: 3,
      max_window_layers: 1,
      tie_word_embeddings: false,
    },
    shapes: gatedShapes({
      d: 8,
      layers: 2,
      vocabulary: 11,
      heads: 2,
      kvHeads: 1,
      dHead: 4,
      dMlp: 12,
      biases: qkv,
      head: true,
    }),
  },
  gemma2: {
    config: {
      model_type: "gemma2",
      vocab_size: 11,
      hidden_size: 8,
      intermediate_size: 12,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      head_dim: 6,
      hidden_activation: "gelu_pytorch_tanh",
      max_position_embeddings: 16,
      rms_norm_eps: 1e-6,
      rope_theta: 100,
      query_pre_attn_scalar: 5,
      sliding_window: 3,
      attn_logit_softcapping: 2.5,
      final_logit_softcapping: 1.5,
    },
    shapes: gatedShapes({
      d: 8,
      layers: 2,
      vocabulary: 11,
      heads: 2,
      kvHeads: 1,
      dHead: 6,
      dMlp: 12,
      biases: [],
      gemma: true,
    }),
  },
};
