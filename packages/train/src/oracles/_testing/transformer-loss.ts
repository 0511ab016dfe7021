import type { TransformerConfig } from "../../model/config.ts";
import { loraParameterNames, loraScaling } from "../../model/lora-adapter.ts";
import type { Transformer } from "../../model/transformer.ts";
import type { Operations, WeightedBatch } from "./operations.ts";

function oneHot(indices: ArrayLike<number>, width: number): Float32Array {
  const rows = new Float32Array(indices.length * width);
  for (let r = 0; r < indices.length; r++) {
    const index = indices[r] ?? -1;
    if (index >= 0) rows[r * width + index] = 1;
  }
  return rows;
}

/** The rotation of the coordinates of a head as x cos + (x partner) sin, with `partner` [dHead, dHead] and cos, sin [length, dHead]. */
function rotation({ dHead, rotaryDim, rotaryBase, rotaryInterleaved }: TransformerConfig, length: number) {
  const partner = new Float32Array(dHead * dHead);
  const cos = new Float32Array(length * dHead).fill(1);
  const sin = new Float32Array(length * dHead);
  for (let i = 0; i < rotaryDim / 2; i++) {
    const [a, b] = rotaryInterleaved ? [2 * i, 2 * i + 1] : [i, i + rotaryDim / 2];
    partner[b * dHead + a] = -1;
    partner[a * dHead + b] = 1;
    for (let t = 0; t < length; t++) {
      for (const c of [a, b]) {
        cos[t * dHead + c] = Math.cos(t * rotaryBase ** ((-2 * i) / rotaryDim));
        sin[t * dHead + c] = Math.sin(t * rotaryBase ** ((-2 * i) / rotaryDim));
      }
    }
  }
  return { partner, cos, sin };
}

/**
 * The weighted cross-entropy of a model, written in the operations of a library that differentiates it: nothing of the plans, kernels and layouts of this package, only
 * TransformerLens' names, shapes and definitions.
 */
export function transformerLoss<T>(
  ops: Operations<T>,
  { config, adapters }: Pick<Transformer, "config" | "adapters">,
  parameters: ReadonlyMap<string, T>,
  { batch, length, tokens, targets, weights }: WeightedBatch,
): T {
  const { dModel: d, nHeads, nKeyValueHeads, dHead, dMlp, outputSize, outputSoftCap, embeddingScale } = config;
  const rows = batch * length;
  const get = (name: string): T => {
    const found = parameters.get(name);
    if (found === undefined) throw new Error(`no parameter ${name}`);
    return found;
  };
  const plusBias = (x: T, name: string): T => (parameters.has(name) ? ops.add(x, ops.reshape(get(name), [1, -1])) : x);
  const capped = (x: T, cap: number): T => (cap > 0 ? ops.affine(ops.tanh(ops.affine(x, 1 / cap)), cap) : x);

  const norm = (x: T, name: string): T => {
    if (config.normalization === "none") return x;
    const centred = config.normalization === "pre-layer-norm" ? ops.subtract(x, ops.mean(x)) : x;
    const square = ops.mean(ops.multiply(centred, centred));
    const normal = ops.divide(centred, ops.sqrt(ops.affine(square, 1, config.layerNormEpsilon)));
    return plusBias(ops.multiply(normal, ops.reshape(get(`${name}.w`), [1, d])), `${name}.b`);
  };
  /** x [rows, nIn] times a weight as a matrix [nIn, nOut], with its bias and adapters. */
  const linear = (x: T, name: string, matrix: T): T => {
    let y = plusBias(ops.matMul(x, matrix), name.replace(".W_", ".b_"));
    for (const adapter of adapters) {
      if (adapter.target !== name || !adapter.enabled) continue;
      const { a, b } = loraParameterNames(adapter);
      y = ops.add(y, ops.affine(ops.matMul(ops.matMul(x, get(a)), get(b)), loraScaling(adapter)));
    }
    return y;
  };
  const { partner, cos, sin } = rotation(config, length);
  const rotate = (x: T): T => {
    if (config.positional !== "rotary") return x;
    const turned = ops.matMul(x, ops.constant(partner, [1, 1, dHead, dHead]));
    const shape = [1, 1, length, dHead];
    return ops.add(ops.multiply(x, ops.constant(cos, shape)), ops.multiply(turned, ops.constant(sin, shape)));
  };
  /** Queries, keys or values, [batch, nHeads, length, dHead]: each group of query heads reads the same keys and values. */
  const project = (x: T, name: string, heads: number): T => {
    const matrix = ops.reshape(ops.transpose(get(name), [1, 0, 2]), [d, heads * dHead]);
    const own = ops.transpose(ops.reshape(linear(x, name, matrix), [batch, length, heads, dHead]), [0, 2, 1, 3]);
    const turned = name.endsWith("V") ? own : rotate(own);
    if (heads === nHeads) return turned;
    const group = nHeads / heads;
    const ones = ops.constant(new Float32Array(group).fill(1), [1, group, 1, 1]);
    const repeated = ops.multiply(ops.reshape(turned, [batch * heads, 1, length, dHead]), ones);
    return ops.reshape(repeated, [batch, nHeads, length, dHead]);
  };

  let x = ops.affine(
    ops.matMul(ops.constant(oneHot(tokens, config.vocabularySize), [rows, config.vocabularySize]), get("embed.W_E")),
    embeddingScale,
  );
  if (config.positional === "learned") {
    const positions = Int32Array.from({ length: rows }, (_, r) => r % length);
    x = ops.add(
      x,
      ops.matMul(ops.constant(oneHot(positions, config.nCtx), [rows, config.nCtx]), get("pos_embed.W_pos")),
    );
  }
  for (let i = 0; i < config.nLayers; i++) {
    const [attention, mlp] = [`blocks.${i}.attn`, `blocks.${i}.mlp`];
    const n1 = norm(x, `blocks.${i}.ln1`);
    const q = project(n1, `${attention}.W_Q`, nHeads);
    const k = project(n1, `${attention}.W_K`, nKeyValueHeads);
    const v = project(n1, `${attention}.W_V`, nKeyValueHeads);
    const window = config.attentionWindows[i] ?? 0;
    const hidden = Float32Array.from({ length: length * length }, (_, at) => {
      const [t, s] = [Math.floor(at / length), at % length];
      return s > t || (window > 0 && s <= t - window) ? -1e9 : 0;
    });
    const scores = capped(
      ops.affine(ops.matMul(q, ops.transpose(k, [0, 1, 3, 2])), config.attentionScale),
      config.attentionSoftCap,
    );
    const pattern = ops.softmax(ops.add(scores, ops.constant(hidden, [1, 1, length, length])));
    const z = ops.reshape(ops.transpose(ops.matMul(pattern, v), [0, 2, 1, 3]), [rows, nHeads * dHead]);
    const out = linear(z, `${attention}.W_O`, ops.reshape(get(`${attention}.W_O`), [nHeads * dHead, d]));
    x = ops.add(x, config.postNormalization ? norm(out, `blocks.${i}.ln1_post`) : out);
    if (config.attentionOnly) continue;
    const n2 = norm(x, `blocks.${i}.ln2`);
    const up = (name: string): T => linear(n2, `${mlp}.${name}`, ops.reshape(get(`${mlp}.${name}`), [d, dMlp]));
    const active = ops.activation(config.activation, up(config.gatedMlp ? "W_gate" : "W_in"));
    const post = config.gatedMlp ? ops.multiply(active, up("W_in")) : active;
    const down = linear(post, `${mlp}.W_out`, get(`${mlp}.W_out`));
    x = ops.add(x, config.postNormalization ? norm(down, `blocks.${i}.ln2_post`) : down);
  }
  const unembedding = config.tiedUnembedding ? ops.transpose(get("embed.W_E"), [1, 0]) : get("unembed.W_U");
  const logits = capped(linear(norm(x, "ln_final"), "unembed.W_U", unembedding), outputSoftCap);
  const counted = oneHot(targets, outputSize).map((one, at) => -one * (weights[Math.floor(at / outputSize)] ?? 0));
  return ops.sum(ops.multiply(ops.logSoftmax(logits), ops.constant(counted, [rows, outputSize])));
}
