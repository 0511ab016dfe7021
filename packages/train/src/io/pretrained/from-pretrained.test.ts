import { CorruptFileError, InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { parameterSpecs } from "../../model/parameters.ts";
import type { Transformer } from "../../model/transformer.ts";
import { run } from "../../run/run.ts";
import { hashedTensors, type TinyPublished, tinyPublished } from "../_testing/published-checkpoint.ts";
import { publishedLogits } from "../_testing/published-logits.ts";
import { encodeSafetensors, type Tensor } from "../safetensors.ts";
import { openSafetensors } from "../tensor-source.ts";
import { fromPretrained } from "./from-pretrained.ts";

const tokens = [3, 10, 0, 7, 7, 1, 5, 2];

/** The model of these tensors. */
async function load(
  config: unknown,
  tensors: ReadonlyMap<string, Tensor>,
  options: { readonly nCtx?: number } = {},
): Promise<Transformer> {
  const source = await openSafetensors(encodeSafetensors({ tensors, metadata: new Map([["format", "pt"]]) }));
  return fromPretrained({ config, tensors: source, ...options });
}

async function logitsOf(model: Transformer): Promise<readonly number[]> {
  const { logits } = await run(model, { tokens, length: tokens.length, engine: createReferenceEngine() });
  return [...logits];
}

function largestError(actual: readonly number[], expected: readonly (readonly number[])[]): number {
  const flat = expected.flat();
  expect(actual.length).toBe(flat.length);
  return Math.max(...actual.map((x, i) => Math.abs(x - (flat[i] ?? Number.NaN))));
}

/** A published model with its entries changed. */
function changed(model: TinyPublished, config: object, shapes: Readonly<Record<string, readonly number[]>> = {}) {
  return {
    config: { ...model.config, ...config },
    shapes: new Map([...model.shapes, ...Object.entries(shapes)]),
  };
}

const { gpt2, llama, llama3, qwen2, gemma2 } = tinyPublished;
const head = { "lm_head.weight": [11, 8] };

const variants: readonly (readonly [string, TinyPublished])[] = [
  ["gpt2", gpt2],
  ["gpt2 untied", changed(gpt2, { tie_word_embeddings: false }, head)],
  ["llama with linear scaling, biases and a width of heads of its own", llama],
  ["llama with the scaling of Llama 3, tied", llama3],
  ["llama without scaling", changed(llama, { rope_scaling: null })],
  ["qwen2 with a window from layer 1 on", qwen2],
  ["qwen2 without windows", changed(qwen2, { use_sliding_window: false })],
  ["gemma2 with caps and windows on even layers", gemma2],
  ["gemma2 without caps", changed(gemma2, { attn_logit_softcapping: null, final_logit_softcapping: null })],
];

describe("published weights", () => {
  test.each(variants)("%s: the logits of an independent implementation", async (_, published) => {
    const tensors = hashedTensors(published);
    const expected = publishedLogits({ config: published.config, tensors }, tokens);
    // Float32 weights in float64 arithmetic on both sides; Gemma's gains are rounded once more when 1 is added.
    const tolerance = published.config.model_type === "gemma2" ? 1e-6 : 1e-12;
    expect(largestError(await logitsOf(await load(published.config, tensors)), expected)).toBeLessThan(tolerance);
  });

  test.each(Object.entries(tinyPublished))("%s: every parameter is there, in canonical order", async (_, published) => {
    const model = await load(published.config, hashedTensors(published));
    const specs = parameterSpecs(model.config, []);
    expect([...model.weights.keys()]).toEqual(specs.map(({ name }) => name));
    for (const { name, shape } of specs) {
      expect(model.weights.get(name)?.length).toBe(shape.reduce((product, size) => product * size, 1));
    }
  });

  test("names within the model may lack their prefix", async () => {
    for (const published of [gpt2, llama3, gemma2]) {
      const tensors = hashedTensors(published);
      const bare = new Map([...tensors].map(([name, tensor]) => [name.replace(/^(transformer|model)\./, ""), tensor]));
      expect(await load(published.config, bare)).toEqual(await load(published.config, tensors));
    }
  });

  test("masks and frequencies that old files hold are no parameters, and a tied head may be in the file", async () => {
    const tensors = hashedTensors(gpt2);
    const wte = tensors.get("transformer.wte.weight");
    if (wte === undefined) throw new Error("no embedding");
    const more = new Map(tensors)
      .set("transformer.h.0.attn.bias", { values: new Uint8Array(81), shape: [1, 1, 9, 9], dtype: "BOOL" as const })
      .set("transformer.h.1.attn.masked_bias", { values: Float32Array.of(-1e4), shape: [] })
      .set("lm_head.weight", wte);
    expect(await load(gpt2.config, more)).toEqual(await load(gpt2.config, tensors));
    const other = new Map(more).set("lm_head.weight", { ...wte, values: new Float32Array(88) });
    await expect(load(gpt2.config, other)).rejects.toThrow(/differs from the embedding/);
    const old = new Map(hashedTensors(llama)).set("model.layers.0.self_attn.rotary_emb.inv_freq", {
      values: new Float32Array(3),
      shape: [3],
    });
    expect((await load(llama.config, old)).config.dHead).toBe(6);
  });

  test("a llama that says nothing of tying is tied exactly where it has no head", async () => {
    const { tie_word_embeddings: _, ...silent } = llama3.config;
    expect((await load(silent, hashedTensors(llama3))).config.tiedUnembedding).toBe(true);
    const { tie_word_embeddings: __, ...other } = llama.config;
    expect((await load(other, hashedTensors(llama))).config.tiedUnembedding).toBe(false);
  });

  test("a shorter context computes the same on its positions", async () => {
    for (const published of [gpt2, qwen2]) {
      const tensors = hashedTensors(published);
      const model = await load(published.config, tensors, { nCtx: 8 });
      expect(model.config.nCtx).toBe(8);
      expect(await logitsOf(model)).toEqual(await logitsOf(await load(published.config, tensors)));
    }
    await expect(load(gpt2.config, hashedTensors(gpt2), { nCtx: 10 })).rejects.toThrow(InvalidArgumentError);
    await expect(load(gpt2.config, hashedTensors(gpt2), { nCtx: 0 })).rejects.toThrow(InvalidArgumentError);
  });

  test("half floats and float64 keep their values", async () => {
    const tensors = hashedTensors(llama3);
    const halves = new Map([...tensors].map(([name, tensor]) => [name, { ...tensor, dtype: "BF16" as const }]));
    const model = await load(llama3.config, halves);
    const [value = 0] = model.weights.get("embed.W_E") ?? [];
    const [exact = 0] = tensors.get("model.embed_tokens.weight")?.values ?? [];
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(Math.abs(exact) / 256);
    expect(new Uint32Array(Float32Array.of(value).buffer)[0] ?? 1).toSatisfy((bits: number) => bits % 65536 === 0);
    const doubles = new Map(
      [...tensors].map(([name, { values, shape }]) => [name, { values: Float64Array.from(values), shape }]),
    );
    expect((await load(llama3.config, doubles)).weights.get("embed.W_E")).toBeInstanceOf(Float64Array);
  });

  test("missing, unknown and misshapen tensors are listed", async () => {
    const tensors = hashedTensors(gpt2);
    const without = new Map(tensors);
    without.delete("transformer.h.1.mlp.c_fc.bias");
    without.set("transformer.h.1.mlp.c_gate.bias", { values: new Float32Array(1), shape: [1] });
    await expect(load(gpt2.config, without)).rejects.toThrow(CorruptFileError);
    await expect(load(gpt2.config, without)).rejects.toThrow(
      /missing: transformer\.h\.1\.mlp\.c_fc\.bias; unknown: transformer\.h\.1\.mlp\.c_gate\.bias/,
    );
    const turned = new Map(tensors).set("transformer.h.0.mlp.c_fc.weight", {
      values: new Float32Array(256),
      shape: [32, 8],
    });
    await expect(load(gpt2.config, turned)).rejects.toThrow(ShapeError);
    await expect(load(gpt2.config, turned)).rejects.toThrow(/c_fc\.weight \[32, 8\], not \[8, 32\]/);
    await expect(load(llama.config, new Map([["x", { values: new Float32Array(1), shape: [1] }]]))).rejects.toThrow(
      /2 layers for 1 tensors/,
    );
    await expect(load({ ...qwen2.config, vocab_size: 12 }, hashedTensors(qwen2))).rejects.toThrow(ShapeError);
  });

  test("values that are not finite, or integers, are refused by name", async () => {
    const name = "model.norm.weight";
    const set = (tensor: Tensor) => load(llama.config, new Map(hashedTensors(llama)).set(name, tensor));
    await expect(set({ values: new Float32Array(8).fill(Number.NaN), shape: [8] })).rejects.toThrow(/"model\.norm/);
    await expect(set({ values: new Int32Array(8), shape: [8] })).rejects.toThrow(CorruptFileError);
    await expect(set({ values: new Float64Array(8), shape: [8], dtype: "I64" })).rejects.toThrow(/integers/);
  });

  test.each<readonly [string, object, new (...args: never[]) => Error]>([
    ["another architecture", { model_type: "mamba" }, UnsupportedError],
    ["quantized weights", { quantization_config: { bits: 4 } }, UnsupportedError],
    ["another scaling of positions", { rope_scaling: { rope_type: "yarn", factor: 2 } }, UnsupportedError],
    ["a part of the head rotated", { partial_rotary_factor: 0.5 }, UnsupportedError],
    ["another activation", { hidden_act: "mish" }, UnsupportedError],
    ["rotary parameters that are no object", { rope_scaling: 3 }, CorruptFileError],
    ["a scaling without factor", { rope_scaling: { type: "linear" } }, CorruptFileError],
    ["a width that is no number", { hidden_size: "8" }, CorruptFileError],
    ["no width", { hidden_size: undefined }, CorruptFileError],
    ["a bias flag that is no truth value", { attention_bias: 1 }, CorruptFileError],
    ["tying that is no truth value", { tie_word_embeddings: "no" }, CorruptFileError],
    ["heads that do not divide", { num_key_value_heads: 3 }, InvalidArgumentError],
  ])("%s is refused by name", async (_, entries, Named) => {
    await expect(load({ ...llama.config, ...entries }, hashedTensors(llama))).rejects.toThrow(Named);
  });

  test("any JSON in place of an entry of config.json is refused by name, or is a configuration", async () => {
    const named = [CorruptFileError, UnsupportedError, ShapeError, InvalidArgumentError];
    for (const published of [gpt2, llama, qwen2, gemma2]) {
      const tensors = hashedTensors(published);
      const names = [...Object.keys(published.config), "rope_parameters", "layer_types", "head_dim", "n_inner"];
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
          const error: unknown = await load({ ...published.config, [name]: value }, tensors).catch((e: unknown) => e);
          if (error instanceof Error) expect(named.some((Named) => error instanceof Named)).toBe(true);
        }),
        { numRuns: 40 },
      );
    }
  });

  test("options of GPT-2 and Gemma 2 that change what is computed are refused", async () => {
    const gpt = (entries: object) => load({ ...gpt2.config, ...entries }, hashedTensors(gpt2));
    await expect(gpt({ scale_attn_by_inverse_layer_idx: true })).rejects.toThrow(UnsupportedError);
    await expect(gpt({ add_cross_attention: true })).rejects.toThrow(UnsupportedError);
    expect((await gpt({ scale_attn_weights: false })).config.attentionScale).toBe(1);
    const gemma = (entries: object) => load({ ...gemma2.config, ...entries }, hashedTensors(gemma2));
    await expect(gemma({ use_bidirectional_attention: true })).rejects.toThrow(UnsupportedError);
    await expect(gemma({ layer_types: ["full_attention"] })).rejects.toThrow(UnsupportedError);
    const types = ["full_attention", "sliding_attention"];
    expect((await gemma({ layer_types: types })).config.attentionWindows).toEqual([0, 3]);
    await expect(load([], hashedTensors(gpt2))).rejects.toThrow(CorruptFileError);
  });
});

test("callers without types: what is missing is asked for by name", async () => {
  await expect(fromPretrained(undefined as never)).rejects.toThrow("fromPretrained: options is undefined");
  await expect(fromPretrained({} as never)).rejects.toThrow("fromPretrained: config is undefined");
  await expect(fromPretrained({ config: {} } as never)).rejects.toThrow(InvalidArgumentError);
});
