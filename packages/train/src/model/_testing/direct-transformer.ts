import { erfc } from "../../kernels/_internal/erf.ts";
import type { TransformerConfig } from "../config.ts";
import type { HookPoint } from "../hook-points.ts";
import { loraParameterNames, loraScaling } from "../lora-adapter.ts";
import type { Transformer } from "../transformer.ts";

/** Rows of numbers. */
export type Rows = readonly (readonly number[])[];

/** Replaces an activation, [length, width] or, at a pattern, [nHeads length, length], by another. */
export type Edit = (hook: HookPoint, rows: Rows) => Rows;

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
const sum = (n: number, term: (i: number) => number): number => range(n).reduce((total, i) => total + term(i), 0);
const at = (rows: Rows, i: number, j: number): number => rows[i]?.[j] ?? Number.NaN;
const add = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((value, j) => value + at(b, i, j)));
const capped = (x: number, cap: number): number => (cap > 0 ? cap * Math.tanh(x / cap) : x);

const nonlinearities: Readonly<Record<TransformerConfig["activation"], (u: number) => number>> = {
  gelu: (u) => (u * erfc(-u / Math.SQRT2)) / 2,
  "gelu-tanh": (u) => (u / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (u + 0.044715 * u ** 3))),
  relu: (u) => Math.max(u, 0),
  silu: (u) => u / (1 + Math.exp(-u)),
};

/** Frequency of pair i, with the published scalings written out. */
function frequency({ rotaryBase, rotaryDim, rotaryScaling }: TransformerConfig, i: number): number {
  const plain = 1 / rotaryBase ** ((2 * i) / rotaryDim);
  if (rotaryScaling === null) return plain;
  if (rotaryScaling.kind === "linear") return plain / rotaryScaling.factor;
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalContext } = rotaryScaling;
  const wavelength = (2 * Math.PI) / plain;
  if (wavelength > originalContext / lowFrequencyFactor) return plain / factor;
  if (wavelength < originalContext / highFrequencyFactor) return plain;
  const smooth = (originalContext / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
  return ((1 - smooth) * plain) / factor + smooth * plain;
}

/**
 * One sequence through the model, written directly from TransformerLens' definition with its einsum shapes: no arena, no flat layouts, no kernels. The oracle for
 * names, shapes and conventions. Returns logits and the activations of every hook point, after `edit`.
 */
export function directTransformer(
  { config, weights, adapters }: Transformer,
  tokens: readonly number[],
  edit: Edit = (_, rows) => rows,
): { readonly logits: Rows; readonly activations: ReadonlyMap<HookPoint, readonly number[]> } {
  const { dModel: d, nHeads, nKeyValueHeads, dHead, dMlp, normalization } = config;
  const activations = new Map<HookPoint, readonly number[]>();
  const get = (name: string, index: number): number => {
    const values = weights.get(name);
    if (values === undefined || index >= values.length) throw new Error(`${name}[${index}]`);
    return values[index] ?? Number.NaN;
  };
  const optional = (name: string, index: number): number => (weights.has(name) ? get(name, index) : 0);
  const record = (hook: HookPoint, rows: Rows): Rows => {
    const edited = edit(hook, rows);
    activations.set(hook, edited.flat());
    return edited;
  };
  type NormName = "ln_final" | `blocks.${number}.${"ln1" | "ln1_post" | "ln2" | "ln2_post"}`;
  const norm = (x: Rows, name: NormName): Rows => {
    if (normalization === "none") return x;
    const centre = normalization === "pre-layer-norm";
    const y = x.map((row) => {
      const mean = centre ? sum(d, (i) => row[i] ?? 0) / d : 0;
      const square = sum(d, (i) => ((row[i] ?? 0) - mean) ** 2) / d;
      return row.map(
        (value, i) =>
          ((value - mean) / Math.sqrt(square + config.layerNormEpsilon)) * get(`${name}.w`, i) +
          optional(`${name}.b`, i),
      );
    });
    return record(`${name}.hook_normalized`, y);
  };
  /** x W + b with W [nIn, nOut] given by entries, plus the adapters of the weight. */
  const linear = (
    x: Rows,
    weight: string,
    [nIn, nOut]: readonly [number, number],
    w: (i: number, o: number) => number,
  ): Rows => {
    const base = x.map((row) =>
      range(nOut).map((o) => sum(nIn, (i) => (row[i] ?? 0) * w(i, o)) + optional(weight.replace("W_", "b_"), o)),
    );
    return adapters
      .filter(({ target, enabled }) => target === weight && enabled)
      .reduce((total: Rows, adapter) => {
        const { a, b } = loraParameterNames(adapter);
        const { rank, name } = adapter;
        const hook = `${weight}.hook_lora${name === "default" ? "" : `.${name}`}` as HookPoint;
        const down = record(
          hook,
          x.map((row) => range(rank).map((r) => sum(nIn, (i) => (row[i] ?? 0) * get(a, i * rank + r)))),
        );
        return total.map((row, t) =>
          row.map((value, o) => value + loraScaling(adapter) * sum(rank, (r) => at(down, t, r) * get(b, r * nOut + o))),
        );
      }, base);
  };
  const plain = (name: string, nOut: number) => (i: number, o: number) => get(name, i * nOut + o);
  const rotate = (x: Rows, heads: number): Rows => {
    const pairs = config.rotaryDim / 2;
    return x.map((row, t) => {
      const turned = [...row];
      for (let h = 0; h < heads; h++) {
        for (let i = 0; i < pairs; i++) {
          const [first, second] = config.rotaryInterleaved ? [2 * i, 2 * i + 1] : [i, i + pairs];
          const [p, q] = [h * dHead + first, h * dHead + second];
          const angle = t * frequency(config, i);
          turned[p] = (row[p] ?? 0) * Math.cos(angle) - (row[q] ?? 0) * Math.sin(angle);
          turned[q] = (row[p] ?? 0) * Math.sin(angle) + (row[q] ?? 0) * Math.cos(angle);
        }
      }
      return turned;
    });
  };

  let x = record(
    "hook_embed",
    tokens.map((token) => range(d).map((i) => config.embeddingScale * get("embed.W_E", token * d + i))),
  );
  if (config.positional === "learned") {
    const positions = tokens.map((_, t) => range(d).map((i) => get("pos_embed.W_pos", t * d + i)));
    x = add(x, record("hook_pos_embed", positions));
  }
  for (const layer of range(config.nLayers)) {
    const p = `blocks.${layer}` as const;
    x = record(`${p}.hook_resid_pre`, x);
    const n1 = norm(x, `${p}.ln1`);
    const project = (letter: "Q" | "K" | "V"): Rows => {
      const name = `${p}.attn.W_${letter}`;
      const heads = letter === "Q" ? nHeads : nKeyValueHeads;
      return linear(n1, name, [d, heads * dHead], (i, o) =>
        get(name, Math.floor(o / dHead) * d * dHead + i * dHead + (o % dHead)),
      );
    };
    let q = record(`${p}.attn.hook_q`, project("Q"));
    let k = record(`${p}.attn.hook_k`, project("K"));
    const v = record(`${p}.attn.hook_v`, project("V"));
    if (config.positional === "rotary") {
      q = record(`${p}.attn.hook_rot_q`, rotate(q, nHeads));
      k = record(`${p}.attn.hook_rot_k`, rotate(k, nKeyValueHeads));
    }
    const group = (h: number): number => Math.floor((h * nKeyValueHeads) / nHeads);
    const window = config.attentionWindows[layer] ?? 0;
    const rows = range(nHeads).flatMap((h) =>
      tokens.map((_, t) => {
        const scores = tokens.map((__, s) => {
          if (s > t || (window > 0 && s <= t - window)) return 0;
          const product = sum(dHead, (c) => at(q, t, h * dHead + c) * at(k, s, group(h) * dHead + c));
          return Math.exp(capped(config.attentionScale * product, config.attentionSoftCap));
        });
        const total = scores.reduce((a, b) => a + b, 0);
        return scores.map((score) => score / total);
      }),
    );
    const pattern = record(`${p}.attn.hook_pattern`, rows);
    const mixed = tokens.map((_, t) =>
      range(nHeads * dHead).map((j) => {
        const h = Math.floor(j / dHead);
        return sum(t + 1, (s) => at(pattern, h * tokens.length + t, s) * at(v, s, group(h) * dHead + (j % dHead)));
      }),
    );
    const z = record(`${p}.attn.hook_z`, mixed);
    let out = linear(z, `${p}.attn.W_O`, [nHeads * dHead, d], plain(`${p}.attn.W_O`, d));
    if (config.postNormalization) out = norm(out, `${p}.ln1_post`);
    x = add(x, record(`${p}.hook_attn_out`, out));
    if (!config.attentionOnly) {
      x = record(`${p}.hook_resid_mid`, x);
      const n2 = norm(x, `${p}.ln2`);
      const up = (name: string): Rows => linear(n2, name, [d, dMlp], plain(name, dMlp));
      const pre = record(`${p}.mlp.hook_pre`, up(`${p}.mlp.W_${config.gatedMlp ? "gate" : "in"}`));
      let post: Rows = pre.map((row) => row.map(nonlinearities[config.activation]));
      if (config.gatedMlp) {
        const linearHalf = record(`${p}.mlp.hook_pre_linear`, up(`${p}.mlp.W_in`));
        post = post.map((row, t) => row.map((value, j) => value * at(linearHalf, t, j)));
      }
      post = record(`${p}.mlp.hook_post`, post);
      let down = linear(post, `${p}.mlp.W_out`, [dMlp, d], plain(`${p}.mlp.W_out`, d));
      if (config.postNormalization) down = norm(down, `${p}.ln2_post`);
      x = add(x, record(`${p}.hook_mlp_out`, down));
    }
    x = record(`${p}.hook_resid_post`, x);
  }
  const { outputSize } = config;
  const unembedding = config.tiedUnembedding
    ? (i: number, o: number) => get("embed.W_E", o * d + i)
    : plain("unembed.W_U", outputSize);
  const logits = linear(norm(x, "ln_final"), "unembed.W_U", [d, outputSize], unembedding);
  return { logits: logits.map((row) => row.map((value) => capped(value, config.outputSoftCap))), activations };
}
