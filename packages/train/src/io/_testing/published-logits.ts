import type { Tensor } from "../safetensors.ts";

/*
 * Logits of published models in plain float64, written from the modelling code of Hugging Face transformers, tensor by tensor in its names and its order of operations.
 * It shares nothing with the models of this package: that is what makes it an oracle.
 */

type Matrix = readonly (readonly number[])[];
type Config = Readonly<Record<string, unknown>>;

interface Published {
  readonly config: Config;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const at = (list: readonly number[], i: number): number => list[i] ?? Number.NaN;

function numberOf(config: Config, name: string, initial = Number.NaN): number {
  const value = config[name];
  return typeof value === "number" ? value : initial;
}

/** A tensor as rows; a vector is one row. */
function rowsOf({ tensors }: Published, name: string): Matrix | undefined {
  const tensor = tensors.get(name);
  if (tensor === undefined) return undefined;
  const width = tensor.shape.at(-1) ?? 1;
  const values = [...tensor.values];
  return Array.from({ length: values.length / width }, (_, r) => values.slice(r * width, (r + 1) * width));
}

function rows(model: Published, name: string): Matrix {
  const found = rowsOf(model, name);
  if (found === undefined) throw new Error(`no tensor ${name}`);
  return found;
}

const vector = (model: Published, name: string): readonly number[] => rows(model, name)[0] ?? [];
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * at(b, i), 0);
const transpose = (m: Matrix): Matrix => (m[0] ?? []).map((_, j) => m.map((row) => at(row, j)));
const add = (a: Matrix, b: Matrix): Matrix => a.map((row, t) => row.map((x, i) => x + at(b[t] ?? [], i)));
const map = (m: Matrix, f: (x: number) => number): Matrix => m.map((row) => row.map(f));

/** torch.nn.Linear: x W^T + b with W [out, in]. */
function linear(model: Published, name: string, x: Matrix): Matrix {
  const weight = rows(model, `${name}.weight`);
  const [bias] = rowsOf(model, `${name}.bias`) ?? [];
  return x.map((row) => weight.map((w, o) => dot(row, w) + (bias === undefined ? 0 : at(bias, o))));
}

/** transformers' Conv1D: x W + b with W [in, out]. */
function conv1d(model: Published, name: string, x: Matrix): Matrix {
  const weight = transpose(rows(model, `${name}.weight`));
  const bias = vector(model, `${name}.bias`);
  return x.map((row) => weight.map((w, o) => dot(row, w) + at(bias, o)));
}

function layerNorm(model: Published, name: string, x: Matrix, epsilon: number): Matrix {
  const [gain, bias] = [vector(model, `${name}.weight`), vector(model, `${name}.bias`)];
  return x.map((row) => {
    const mean = row.reduce((sum, v) => sum + v, 0) / row.length;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / row.length;
    return row.map((v, i) => ((v - mean) / Math.sqrt(variance + epsilon)) * at(gain, i) + at(bias, i));
  });
}

/** `offset` is 1 for Gemma, whose weights are gains minus 1. */
function rmsNorm(model: Published, name: string, x: Matrix, epsilon: number, offset: number): Matrix {
  const gain = vector(model, `${name}.weight`);
  return x.map((row) => {
    const square = row.reduce((sum, v) => sum + v * v, 0) / row.length;
    return row.map((v, i) => (v / Math.sqrt(square + epsilon)) * (offset + at(gain, i)));
  });
}

const geluTanh = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
const silu = (x: number): number => x / (1 + Math.exp(-x));
const softCap = (x: number, cap: number): number => (cap > 0 ? Math.tanh(x / cap) * cap : x);

function softmax(row: readonly number[]): readonly number[] {
  const highest = Math.max(...row);
  const powers = row.map((x) => Math.exp(x - highest));
  const sum = powers.reduce((total, x) => total + x, 0);
  return powers.map((x) => x / sum);
}

interface AttentionOptions {
  readonly heads: number;
  readonly kvHeads: number;
  readonly scaling: number;
  /** A query sees keys less than this many positions back. */
  readonly window: number;
  readonly cap: number;
}

/** Eager attention of q [T, heads dHead] on k, v [T, kvHeads dHead], heads side by side. */
function attention(q: Matrix, k: Matrix, v: Matrix, options: AttentionOptions): Matrix {
  const { heads, kvHeads, scaling, window, cap } = options;
  const width = (q[0]?.length ?? 0) / heads;
  const head = (m: Matrix, h: number): Matrix => m.map((row) => row.slice(h * width, (h + 1) * width));
  const outputs = Array.from({ length: heads }, (_, h) => {
    const shared = Math.floor(h / (heads / kvHeads));
    const [keys, values] = [head(k, shared), transpose(head(v, shared))];
    return head(q, h).map((query, i) => {
      const scores = keys.map((key, j) =>
        j <= i && j > i - window ? softCap(dot(query, key) * scaling, cap) : Number.NEGATIVE_INFINITY,
      );
      const weights = softmax(scores);
      return values.map((value) => dot(weights, value));
    });
  });
  return q.map((_, t) => outputs.flatMap((output) => output[t] ?? []));
}

/** Inverse frequencies as ROPE_INIT_FUNCTIONS computes them. */
function inverseFrequencies(config: Config, dHead: number): readonly number[] {
  const rope = {
    ...(typeof config.rope_scaling === "object" ? config.rope_scaling : (config.rope_parameters ?? {})),
  } as Config;
  const base = numberOf(rope, "rope_theta", numberOf(config, "rope_theta", 10000));
  const plain = Array.from({ length: dHead / 2 }, (_, i) => 1 / base ** ((2 * i) / dHead));
  const kind = rope.rope_type ?? rope.type;
  const factor = numberOf(rope, "factor");
  if (kind === "linear") return plain.map((frequency) => frequency / factor);
  if (kind !== "llama3") return plain;
  const old = numberOf(rope, "original_max_position_embeddings");
  const [low, high] = [numberOf(rope, "low_freq_factor"), numberOf(rope, "high_freq_factor")];
  return plain.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength > old / low) return frequency / factor;
    if (wavelength < old / high) return frequency;
    const smooth = (old / wavelength - low) / (high - low);
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

/** x cos + rotate_half(x) sin, head by head. */
function rotate(x: Matrix, frequencies: readonly number[], dHead: number): Matrix {
  const half = dHead / 2;
  return x.map((row, t) =>
    row.map((value, i) => {
      const inHead = i % dHead;
      const angle = t * at(frequencies, inHead % half);
      const turned = inHead < half ? -at(row, i + half) : at(row, i - half);
      return value * Math.cos(angle) + turned * Math.sin(angle);
    }),
  );
}

function gpt2Logits(model: Published, tokens: readonly number[]): Matrix {
  const { config } = model;
  const [wte, wpe] = [rows(model, "transformer.wte.weight"), rows(model, "transformer.wpe.weight")];
  const d = numberOf(config, "n_embd");
  const heads = numberOf(config, "n_head");
  let hidden = add(
    tokens.map((token) => wte[token] ?? []),
    tokens.map((_, t) => wpe[t] ?? []),
  );
  for (let i = 0; i < numberOf(config, "n_layer"); i++) {
    const h = `transformer.h.${i}`;
    const fused = conv1d(model, `${h}.attn.c_attn`, layerNorm(model, `${h}.ln_1`, hidden, 1e-5));
    const [q = [], k = [], v = []] = [0, 1, 2].map((p) => fused.map((row) => row.slice(p * d, (p + 1) * d)));
    const options = { heads, kvHeads: heads, scaling: 1 / Math.sqrt(d / heads), window: tokens.length, cap: 0 };
    hidden = add(hidden, conv1d(model, `${h}.attn.c_proj`, attention(q, k, v, options)));
    const inner = conv1d(model, `${h}.mlp.c_fc`, layerNorm(model, `${h}.ln_2`, hidden, 1e-5));
    hidden = add(hidden, conv1d(model, `${h}.mlp.c_proj`, map(inner, geluTanh)));
  }
  const head = rowsOf(model, "lm_head.weight") ?? wte;
  return layerNorm(model, "transformer.ln_f", hidden, 1e-5).map((row) => head.map((w) => dot(row, w)));
}

/** Window of a layer: Gemma 2 slides on even layers, Qwen2 from `max_window_layers` on. */
function windowOf(config: Config, layer: number): number {
  const window = numberOf(config, "sliding_window");
  if (config.model_type === "gemma2") return layer % 2 === 0 ? window : Number.POSITIVE_INFINITY;
  const slides = config.use_sliding_window === true && layer >= numberOf(config, "max_window_layers");
  return slides ? window : Number.POSITIVE_INFINITY;
}

function gatedLogits(model: Published, tokens: readonly number[]): Matrix {
  const { config } = model;
  const gemma = config.model_type === "gemma2";
  const norm = (name: string, x: Matrix): Matrix =>
    rmsNorm(model, name, x, numberOf(config, "rms_norm_eps"), gemma ? 1 : 0);
  const [d, heads] = [numberOf(config, "hidden_size"), numberOf(config, "num_attention_heads")];
  const dHead = numberOf(config, "head_dim", d / heads);
  const frequencies = inverseFrequencies(config, dHead);
  const embedding = rows(model, "model.embed_tokens.weight");
  let hidden: Matrix = tokens.map((token) => embedding[token] ?? []);
  if (gemma) hidden = map(hidden, (x) => x * Math.sqrt(d));
  for (let i = 0; i < numberOf(config, "num_hidden_layers"); i++) {
    const layer = `model.layers.${i}`;
    const x = norm(`${layer}.input_layernorm`, hidden);
    const q = rotate(linear(model, `${layer}.self_attn.q_proj`, x), frequencies, dHead);
    const k = rotate(linear(model, `${layer}.self_attn.k_proj`, x), frequencies, dHead);
    const v = linear(model, `${layer}.self_attn.v_proj`, x);
    const mixed = attention(q, k, v, {
      heads,
      kvHeads: numberOf(config, "num_key_value_heads"),
      scaling: (gemma ? numberOf(config, "query_pre_attn_scalar") : dHead) ** -0.5,
      window: windowOf(config, i),
      cap: numberOf(config, "attn_logit_softcapping", 0),
    });
    const attended = linear(model, `${layer}.self_attn.o_proj`, mixed);
    hidden = add(hidden, gemma ? norm(`${layer}.post_attention_layernorm`, attended) : attended);
    const y = norm(`${layer}.${gemma ? "pre_feedforward" : "post_attention"}_layernorm`, hidden);
    const gate = map(linear(model, `${layer}.mlp.gate_proj`, y), gemma ? geluTanh : silu);
    const up = linear(model, `${layer}.mlp.up_proj`, y);
    const gated = gate.map((row, t) => row.map((value, j) => value * at(up[t] ?? [], j)));
    const down = linear(model, `${layer}.mlp.down_proj`, gated);
    hidden = add(hidden, gemma ? norm(`${layer}.post_feedforward_layernorm`, down) : down);
  }
  const head = rowsOf(model, "lm_head.weight") ?? embedding;
  const cap = numberOf(config, "final_logit_softcapping", 0);
  return norm("model.norm", hidden).map((row) => head.map((w) => softCap(dot(row, w), cap)));
}

/** Logits [T, vocabulary] of a published model on one sequence, in float64. */
export function publishedLogits(model: Published, tokens: readonly number[]): Matrix {
  return model.config.model_type === "gpt2" ? gpt2Logits(model, tokens) : gatedLogits(model, tokens);
}
