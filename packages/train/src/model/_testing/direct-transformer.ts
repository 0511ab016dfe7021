import { erfc } from "../../kernels/_internal/erf.ts";
import type { HookPoint } from "../hook-points.ts";
import type { Transformer } from "../transformer.ts";

/** Rows of numbers. */
type Rows = readonly (readonly number[])[];

/**
 * One sequence through the model, written directly from TransformerLens' definition with its einsum shapes: no arena, no flat layouts, no kernels. The oracle for
 * names, shapes and conventions. Returns logits and the activations of every hook point.
 */
export function directTransformer(
  { config, weights, adapters }: Transformer,
  tokens: readonly number[],
): { readonly logits: Rows; readonly activations: ReadonlyMap<HookPoint, readonly number[]> } {
  const { dModel: d, nHeads, dMlp } = config;
  const dHead = d / nHeads;
  const activations = new Map<HookPoint, readonly number[]>();
  const get = (name: string, index: number): number => {
    const values = weights.get(name);
    if (values === undefined || index >= values.length) throw new Error(`${name}[${index}]`);
    return values[index] ?? Number.NaN;
  };
  const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
  const sum = (n: number, term: (i: number) => number): number => range(n).reduce((total, i) => total + term(i), 0);
  const at = (rows: Rows, i: number, j: number): number => rows[i]?.[j] ?? Number.NaN;
  const record = (hook: HookPoint, rows: Rows): Rows => {
    activations.set(hook, rows.flat());
    return rows;
  };
  const add = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((value, j) => value + at(b, i, j)));
  const layerNorm = (x: Rows, name: string): Rows =>
    x.map((row) => {
      const mean = sum(d, (i) => row[i] ?? 0) / d;
      const variance = sum(d, (i) => ((row[i] ?? 0) - mean) ** 2) / d;
      return row.map(
        (value, i) =>
          ((value - mean) / Math.sqrt(variance + config.layerNormEpsilon)) * get(`${name}.w`, i) + get(`${name}.b`, i),
      );
    });
  /** x W + b with W [nIn, nOut] given by entries, plus the adapter of `target`. */
  const linear = (
    x: Rows,
    [nIn, nOut]: readonly [number, number],
    w: (i: number, o: number) => number,
    b: (o: number) => number,
    target: string,
  ): Rows => {
    const adapter = adapters.find((candidate) => candidate.target === target);
    const rank = adapter?.rank ?? 0;
    const scale = adapter === undefined ? 0 : adapter.alpha / rank;
    const full = (i: number, o: number): number =>
      w(i, o) + scale * sum(rank, (r) => get(`${target}.lora_A`, i * rank + r) * get(`${target}.lora_B`, r * nOut + o));
    return x.map((row) => range(nOut).map((o) => sum(nIn, (i) => (row[i] ?? 0) * full(i, o)) + b(o)));
  };

  const embedded = record(
    "hook_embed",
    tokens.map((token) => range(d).map((i) => get("embed.W_E", token * d + i))),
  );
  const positions = record(
    "hook_pos_embed",
    tokens.map((_, t) => range(d).map((i) => get("pos_embed.W_pos", t * d + i))),
  );
  let x = add(embedded, positions);
  for (const layer of range(config.nLayers)) {
    const p = `blocks.${layer}` as const;
    record(`${p}.hook_resid_pre`, x);
    const n1 = record(`${p}.ln1.hook_normalized`, layerNorm(x, `${p}.ln1`));
    const project = (letter: "Q" | "K" | "V"): Rows =>
      linear(
        n1,
        [d, d],
        (i, o) => get(`${p}.attn.W_${letter}`, Math.floor(o / dHead) * d * dHead + i * dHead + (o % dHead)),
        (o) => get(`${p}.attn.b_${letter}`, o),
        `${p}.attn.W_${letter}`,
      );
    const [q, k, v] = [project("Q"), project("K"), project("V")];
    record(`${p}.attn.hook_q`, q);
    record(`${p}.attn.hook_k`, k);
    record(`${p}.attn.hook_v`, v);
    const pattern = range(nHeads).map((h) =>
      tokens.map((_, t) => {
        const scores = tokens.map((__, s) =>
          s > t ? 0 : Math.exp(sum(dHead, (c) => at(q, t, h * dHead + c) * at(k, s, h * dHead + c)) / Math.sqrt(dHead)),
        );
        const total = scores.reduce((a, b) => a + b, 0);
        return scores.map((score) => score / total);
      }),
    );
    record(`${p}.attn.hook_pattern`, pattern.flat());
    const z = record(
      `${p}.attn.hook_z`,
      tokens.map((_, t) =>
        range(d).map((j) => sum(tokens.length, (s) => (pattern[Math.floor(j / dHead)]?.[t]?.[s] ?? 0) * at(v, s, j))),
      ),
    );
    const attentionOut = linear(
      z,
      [d, d],
      (i, o) => get(`${p}.attn.W_O`, i * d + o),
      (o) => get(`${p}.attn.b_O`, o),
      `${p}.attn.W_O`,
    );
    x = record(`${p}.hook_resid_mid`, add(x, record(`${p}.hook_attn_out`, attentionOut)));
    const n2 = record(`${p}.ln2.hook_normalized`, layerNorm(x, `${p}.ln2`));
    const pre = record(
      `${p}.mlp.hook_pre`,
      linear(
        n2,
        [d, dMlp],
        (i, o) => get(`${p}.mlp.W_in`, i * dMlp + o),
        (o) => get(`${p}.mlp.b_in`, o),
        `${p}.mlp.W_in`,
      ),
    );
    const f =
      config.activation === "gelu" ? (u: number) => (u * erfc(-u / Math.SQRT2)) / 2 : (u: number) => Math.max(u, 0);
    const post = record(
      `${p}.mlp.hook_post`,
      pre.map((row) => row.map(f)),
    );
    const mlpOut = linear(
      post,
      [dMlp, d],
      (i, o) => get(`${p}.mlp.W_out`, i * d + o),
      (o) => get(`${p}.mlp.b_out`, o),
      `${p}.mlp.W_out`,
    );
    x = record(`${p}.hook_resid_post`, add(x, record(`${p}.hook_mlp_out`, mlpOut)));
  }
  const final = record("ln_final.hook_normalized", layerNorm(x, "ln_final"));
  const { outputSize } = config;
  const unembedding = config.tiedUnembedding
    ? (i: number, o: number) => get("embed.W_E", o * d + i)
    : (i: number, o: number) => get("unembed.W_U", i * outputSize + o);
  return {
    logits: linear(final, [d, outputSize], unembedding, (o) => get("unembed.b_U", o), "unembed.W_U"),
    activations,
  };
}
