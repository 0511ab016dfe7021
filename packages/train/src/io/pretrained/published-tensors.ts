import type { TransformerConfig } from "../../model/config.ts";
import type { WeightArray } from "../../model/transformer.ts";
import type { PretrainedFamily } from "./published-config.ts";

/** One of our parameters as a part of a published tensor: entry (i, j, k) is the published one at `offset` + i, j, k times `strides`, plus `add`. */
export interface TensorPart {
  readonly target: string;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly add: number;
}

/** A published tensor, and what is made of it. */
export interface PublishedTensor {
  /** Without the prefix of the model, `transformer.` or `model.`, where `inModel` is set. */
  readonly name: string;
  readonly inModel: boolean;
  readonly shape: readonly number[];
  readonly parts: readonly TensorPart[];
}

function part(target: string, shape: readonly number[], strides: readonly number[], offset = 0, add = 0): TensorPart {
  return { target, shape, strides, offset, add };
}

/** The entries of a part, in their precision. */
export function gatherPart(values: WeightArray, { shape, strides, offset, add }: TensorPart): WeightArray {
  const [planes = 1, rows = 1, columns = 1] = [...Array.from({ length: 3 - shape.length }, () => 1), ...shape];
  const [plane = 0, row = 0, column = 0] = [...Array.from({ length: 3 - strides.length }, () => 0), ...strides];
  const count = planes * rows * columns;
  const gathered = values instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  let i = 0;
  for (let p = 0; p < planes; p++) {
    for (let r = 0; r < rows; r++) {
      const from = offset + p * plane + r * row;
      for (let c = 0; c < columns; c++) {
        const value = values[from + c * column] ?? Number.NaN;
        // Adding 0 would lose the sign of -0.
        gathered[i++] = add === 0 ? value : value + add;
      }
    }
  }
  return gathered;
}

type Add = (name: string, shape: readonly number[], ...parts: readonly TensorPart[]) => void;

/** GPT-2: `Conv1D` weights are [in, out], and one of them holds queries, keys and values side by side. */
function addGpt2(add: Add, config: TransformerConfig, positions: number): void {
  const { dModel: d, dMlp, nHeads, dHead, nCtx } = config;
  const vector = (name: string, target: string, n: number): void => add(name, [n], part(target, [n], [1]));
  const matrix = (name: string, target: string, n: number, m: number): void =>
    add(name, [n, m], part(target, [n, m], [m, 1]));
  matrix("wte.weight", "embed.W_E", config.vocabularySize, d);
  add("wpe.weight", [positions, d], part("pos_embed.W_pos", [nCtx, d], [d, 1]));
  for (let i = 0; i < config.nLayers; i++) {
    const [h, block] = [`h.${i}`, `blocks.${i}`];
    const letters = ["Q", "K", "V"];
    const weights = letters.map((letter, p) =>
      part(`${block}.attn.W_${letter}`, [nHeads, d, dHead], [dHead, 3 * d, 1], p * d),
    );
    const biases = letters.map((letter, p) => part(`${block}.attn.b_${letter}`, [d], [1], p * d));
    add(`${h}.attn.c_attn.weight`, [d, 3 * d], ...weights);
    add(`${h}.attn.c_attn.bias`, [3 * d], ...biases);
    matrix(`${h}.attn.c_proj.weight`, `${block}.attn.W_O`, d, d);
    vector(`${h}.attn.c_proj.bias`, `${block}.attn.b_O`, d);
    matrix(`${h}.mlp.c_fc.weight`, `${block}.mlp.W_in`, d, dMlp);
    vector(`${h}.mlp.c_fc.bias`, `${block}.mlp.b_in`, dMlp);
    matrix(`${h}.mlp.c_proj.weight`, `${block}.mlp.W_out`, dMlp, d);
    vector(`${h}.mlp.c_proj.bias`, `${block}.mlp.b_out`, d);
    for (const n of [1, 2]) {
      vector(`${h}.ln_${n}.weight`, `${block}.ln${n}.w`, d);
      vector(`${h}.ln_${n}.bias`, `${block}.ln${n}.b`, d);
    }
  }
  vector("ln_f.weight", "ln_final.w", d);
  vector("ln_f.bias", "ln_final.b", d);
}

/** Llama, Qwen2, Gemma 2: linear weights are [out, in]; Gemma stores the gains of its norms minus 1. */
function addGated(add: Add, config: TransformerConfig, family: PretrainedFamily): void {
  const { dModel: d, dMlp, nHeads, nKeyValueHeads, dHead, biases } = config;
  const gain = (name: string, target: string): void =>
    add(name, [d], part(target, [d], [1], 0, family === "gemma2" ? 1 : 0));
  const linear = (name: string, weight: string, nIn: number, nOut: number, biased: boolean, heads = 0): void => {
    const transposed = part(weight, [nIn, nOut], [1, nIn]);
    const split = part(weight, [heads, nIn, dHead], [dHead * nIn, 1, nIn]);
    add(`${name}.weight`, [nOut, nIn], heads === 0 ? transposed : split);
    if (biased) add(`${name}.bias`, [nOut], part(weight.replace(".W_", ".b_"), [nOut], [1]));
  };
  add("embed_tokens.weight", [config.vocabularySize, d], part("embed.W_E", [config.vocabularySize, d], [d, 1]));
  for (let i = 0; i < config.nLayers; i++) {
    const [layer, block] = [`layers.${i}`, `blocks.${i}`];
    const qkv = biases.includes("qkv");
    const mlp = biases.includes("mlp");
    linear(`${layer}.self_attn.q_proj`, `${block}.attn.W_Q`, d, nHeads * dHead, qkv, nHeads);
    for (const letter of ["K", "V"]) {
      const name = `${layer}.self_attn.${letter.toLowerCase()}_proj`;
      linear(name, `${block}.attn.W_${letter}`, d, nKeyValueHeads * dHead, qkv, nKeyValueHeads);
    }
    linear(`${layer}.self_attn.o_proj`, `${block}.attn.W_O`, nHeads * dHead, d, biases.includes("attention-out"));
    linear(`${layer}.mlp.gate_proj`, `${block}.mlp.W_gate`, d, dMlp, mlp);
    linear(`${layer}.mlp.up_proj`, `${block}.mlp.W_in`, d, dMlp, mlp);
    linear(`${layer}.mlp.down_proj`, `${block}.mlp.W_out`, dMlp, d, mlp);
    gain(`${layer}.input_layernorm.weight`, `${block}.ln1.w`);
    if (family === "gemma2") {
      gain(`${layer}.post_attention_layernorm.weight`, `${block}.ln1_post.w`);
      gain(`${layer}.pre_feedforward_layernorm.weight`, `${block}.ln2.w`);
      gain(`${layer}.post_feedforward_layernorm.weight`, `${block}.ln2_post.w`);
    } else {
      gain(`${layer}.post_attention_layernorm.weight`, `${block}.ln2.w`);
    }
  }
  gain("norm.weight", "ln_final.w");
}

/** Every tensor of a published model of this configuration; `positions` is the number of learned positions in the file. */
export function publishedTensors(
  family: PretrainedFamily,
  config: TransformerConfig,
  positions: number,
): readonly PublishedTensor[] {
  const tensors: PublishedTensor[] = [];
  const add: Add = (name, shape, ...parts) => tensors.push({ name, inModel: true, shape, parts });
  if (family === "gpt2") addGpt2(add, config, positions);
  else addGated(add, config, family);
  if (!config.tiedUnembedding) {
    const { dModel, vocabularySize } = config;
    const parts = [part("unembed.W_U", [dModel, vocabularySize], [1, dModel])];
    tensors.push({ name: "lm_head.weight", inModel: false, shape: [vocabularySize, dModel], parts });
  }
  return tensors;
}

/** Tensors that old files hold though they are no parameters: masks and rotary frequencies, by their names without prefix. */
export function isBuffer(name: string): boolean {
  return /^h\.\d+\.attn\.(bias|masked_bias)$|^layers\.\d+\.self_attn\.rotary_emb\.inv_freq$/.test(name);
}

/** How names within the model begin. */
export function modelPrefix(family: PretrainedFamily): string {
  return family === "gpt2" ? "transformer." : "model.";
}
