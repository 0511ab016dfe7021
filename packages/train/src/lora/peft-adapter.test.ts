import { CorruptFileError, createKey, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { damagedBytes } from "../io/_testing/damaged-bytes.ts";
import { withRandomAdapter } from "../io/_testing/random-adapter.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../io/safetensors.ts";
import { linearLayers } from "../model/parameters.ts";
import { createTransformer, type Transformer } from "../model/transformer.ts";
import { run } from "../run/run.ts";
import { decodePeftAdapter, encodePeftAdapter, type PeftAdapterFiles } from "./peft-adapter.ts";

const sizes = { nLayers: 2, dModel: 6, nHeads: 2, nCtx: 5, vocabularySize: 5, initKey: createKey(3) };
const toy = createTransformer(sizes);
const llama = createTransformer({
  ...sizes,
  nHeads: 4,
  dHead: 4,
  nKeyValueHeads: 2,
  positional: "rotary",
  normalization: "pre-rms-norm",
  gatedMlp: true,
  activation: "silu",
  biases: "none",
});
const gpt2 = createTransformer({
  ...sizes,
  activation: "gelu-tanh",
  biases: ["qkv", "attention-out", "mlp", "norm"],
  tiedUnembedding: true,
});

async function logits(model: Transformer): Promise<readonly number[]> {
  const tokens = [0, 4, 1, 3, 2];
  return [...(await run(model, { tokens, length: 5, engine: createReferenceEngine() })).logits];
}

/** The files with their configuration or tensors changed. */
function changed(
  files: PeftAdapterFiles,
  config: object,
  tensors: Readonly<Record<string, Tensor>> = {},
): PeftAdapterFiles {
  const all = new Map([...decodeSafetensors(files.tensors).tensors, ...Object.entries(tensors)]);
  return {
    config: JSON.stringify({ ...JSON.parse(files.config), ...config }),
    tensors: encodeSafetensors({ tensors: all, metadata: new Map() }),
  };
}

describe("adapters in PEFT's layout", () => {
  test.each([
    ["toy", toy],
    ["llama", llama],
  ])("reading inverts writing on every layer of a %s model, with ranks and scalings of their own", async (_, base) => {
    for (const rsLora of [false, true]) {
      let model = base;
      for (const [i, { weight }] of linearLayers(base.config).entries()) {
        model = withRandomAdapter(model, { target: weight, rank: 1 + (i % 3), alpha: 2 + (i % 2) / 3, rsLora }, i);
      }
      const files = encodePeftAdapter(model);
      expect(decodePeftAdapter(base, files)).toEqual(model);
      expect(JSON.parse(files.config).use_rslora).toBe(rsLora);
    }
  });

  test("names, shapes and entries are PEFT's", () => {
    const one = withRandomAdapter(llama, { target: "blocks.1.attn.W_K", rank: 2, alpha: 3 });
    const two = withRandomAdapter(one, { target: "blocks.0.mlp.W_out", rank: 1, alpha: 3 });
    const files = encodePeftAdapter(two, { baseModel: "some/llama" });
    const { tensors, metadata } = decodeSafetensors(files.tensors);
    expect(new Map([...tensors].map(([name, { shape }]) => [name, shape]))).toEqual(
      new Map([
        ["base_model.model.model.layers.0.mlp.down_proj.lora_A.weight", [1, 24]],
        ["base_model.model.model.layers.0.mlp.down_proj.lora_B.weight", [6, 1]],
        ["base_model.model.model.layers.1.self_attn.k_proj.lora_A.weight", [2, 6]],
        ["base_model.model.model.layers.1.self_attn.k_proj.lora_B.weight", [8, 2]],
      ]),
    );
    expect(metadata.get("format")).toBe("pt");
    expect(JSON.parse(files.config)).toMatchObject({
      peft_type: "LORA",
      task_type: "CAUSAL_LM",
      base_model_name_or_path: "some/llama",
      r: 1,
      lora_alpha: 3,
      rank_pattern: { "model.layers.1.self_attn.k_proj": 2 },
      alpha_pattern: {},
      target_modules: ["model.layers.0.mlp.down_proj", "model.layers.1.self_attn.k_proj"],
      bias: "none",
      fan_in_fan_out: false,
      use_rslora: false,
      modules_to_save: null,
    });
  });

  test("A and B are transposed", () => {
    const model = withRandomAdapter(toy, { target: "blocks.0.mlp.W_in", rank: 2 });
    const { tensors } = decodeSafetensors(encodePeftAdapter(model).tensors);
    const a = tensors.get("base_model.model.blocks.0.mlp.W_in.lora_A.weight")?.values ?? [];
    const ours = model.weights.get("blocks.0.mlp.W_in.lora_A") ?? [];
    for (let i = 0; i < 6; i++) for (let r = 0; r < 2; r++) expect(a[r * 6 + i]).toBe(ours[i * 2 + r]);
  });

  test.each([
    ["one of queries, keys and values", ["V"], [2]],
    ["two of them", ["Q", "V"], [2, 1]],
    ["all of them, of different ranks", ["Q", "K", "V"], [1, 3, 2]],
  ])("GPT-2's c_attn from adapters of %s computes the same and comes apart again", async (_, letters, ranks) => {
    let model = withRandomAdapter(gpt2, { target: "blocks.0.mlp.W_out", rsLora: true });
    for (const [i, letter] of letters.entries()) {
      const target = `blocks.1.attn.W_${letter}`;
      model = withRandomAdapter(model, { target, rank: ranks[i] ?? 1, alpha: 1 + i, rsLora: i === 1 }, 10 * i);
    }
    const files = encodePeftAdapter(model);
    const { tensors } = decodeSafetensors(files.tensors);
    const total = ranks.reduce((sum, rank) => sum + rank, 0);
    expect(tensors.get("base_model.model.transformer.h.1.attn.c_attn.lora_B.weight")?.shape).toEqual([18, total]);
    expect(JSON.parse(files.config).fan_in_fan_out).toBe(true);
    const read = decodePeftAdapter(gpt2, files);
    expect(read.adapters.map(({ target, rank }) => [target, rank]).toSorted()).toEqual(
      model.adapters.map(({ target, rank }) => [target, rank]).toSorted(),
    );
    const [expected, actual] = [await logits(model), await logits(read)];
    // The ratios of scalings are folded into float32 values of B.
    expect(Math.max(...actual.map((x, i) => Math.abs(x - (expected[i] ?? Number.NaN))))).toBeLessThan(1e-6);
    expect(actual).not.toEqual(await logits(gpt2));
  });

  test("one adapter among several is written by name, and read under another", () => {
    const one = withRandomAdapter(toy, { target: "blocks.0.attn.W_O", name: "first" });
    const two = withRandomAdapter(one, { target: "blocks.0.attn.W_O", name: "second", rank: 1 }, 7);
    expect(() => encodePeftAdapter(two)).toThrow(/first, second/);
    expect(() => encodePeftAdapter(two, { name: "third" })).toThrow(InvalidArgumentError);
    expect(() => encodePeftAdapter(toy)).toThrow(/addLora/);
    const files = encodePeftAdapter(two, { name: "second" });
    const read = decodePeftAdapter(one, files, { name: "third" });
    expect(read.adapters.map(({ name, rank }) => [name, rank])).toEqual([
      ["first", 2],
      ["third", 1],
    ]);
    expect(read.weights.get("blocks.0.attn.W_O.lora_A.third")).toEqual(
      two.weights.get("blocks.0.attn.W_O.lora_A.second"),
    );
    expect(() => decodePeftAdapter(one, files, { name: "first" })).toThrow(/"first" already/);
    for (const name of ["", "a.b", "a b"]) {
      expect(() => decodePeftAdapter(one, files, { name })).toThrow(InvalidArgumentError);
    }
  });

  test("other names of modules on request", () => {
    const model = withRandomAdapter(llama, { target: "blocks.0.mlp.W_gate" });
    const files = encodePeftAdapter(model, { modules: "blocks" });
    expect(JSON.parse(files.config).target_modules).toEqual(["blocks.0.mlp.W_gate"]);
    expect(decodePeftAdapter(llama, files, { modules: "blocks" })).toEqual(model);
    expect(() => decodePeftAdapter(llama, files)).toThrow(/belongs to no layer/);
    expect(() => encodePeftAdapter(model, { modules: "gpt2" })).toThrow(UnsupportedError);
  });

  test("copies of the embedding that PEFT saves beside an adapted lm_head are passed over, others refused", () => {
    const model = withRandomAdapter(llama, { target: "unembed.W_U" });
    const files = encodePeftAdapter(model);
    const embedding = { values: Float32Array.from(llama.weights.get("embed.W_E") ?? []), shape: [5, 6] };
    const head = new Float32Array(30);
    const unembedding = llama.weights.get("unembed.W_U") ?? [];
    for (let v = 0; v < 5; v++) for (let i = 0; i < 6; i++) head[v * 6 + i] = unembedding[i * 5 + v] ?? 0;
    const copies = {
      "base_model.model.model.embed_tokens.weight": embedding,
      "base_model.model.lm_head.base_layer.weight": { values: head, shape: [5, 6] },
    };
    expect(decodePeftAdapter(llama, changed(files, {}, copies))).toEqual(model);
    const trained = { "base_model.model.model.embed_tokens.weight": { ...embedding, values: new Float32Array(30) } };
    expect(() => decodePeftAdapter(llama, changed(files, {}, trained))).toThrow(UnsupportedError);
  });

  describe("refusals", () => {
    const files = encodePeftAdapter(withRandomAdapter(toy, { target: "blocks.0.mlp.W_in", rank: 2 }));
    const a = "base_model.model.blocks.0.mlp.W_in.lora_A.weight";

    test.each<readonly [string, Readonly<Record<string, Tensor>>, new (...args: never[]) => Error]>([
      [
        "a layer that the model does not have",
        { "base_model.model.blocks.9.mlp.W_in.lora_A.weight": { values: new Float32Array(12), shape: [2, 6] } },
        CorruptFileError,
      ],
      [
        "a tensor of another kind",
        { "base_model.model.blocks.0.mlp.W_in.weight": { values: new Float32Array(1), shape: [1] } },
        CorruptFileError,
      ],
      [
        "a missing factor",
        { "base_model.model.blocks.1.mlp.W_in.lora_A.weight": { values: new Float32Array(12), shape: [2, 6] } },
        CorruptFileError,
      ],
      ["a transposed factor", { [a]: { values: new Float32Array(12), shape: [6, 2] } }, CorruptFileError],
      ["another rank than r", { [a]: { values: new Float32Array(6), shape: [1, 6] } }, CorruptFileError],
      ["integers", { [a]: { values: new Int32Array(12), shape: [2, 6] } }, CorruptFileError],
      [
        "values that are not finite",
        { [a]: { values: new Float32Array(12).fill(Number.NaN), shape: [2, 6] } },
        CorruptFileError,
      ],
      [
        "DoRA's magnitudes",
        { "base_model.model.blocks.0.mlp.W_in.lora_magnitude_vector": { values: new Float32Array(1), shape: [1] } },
        UnsupportedError,
      ],
      [
        "an adapted embedding",
        { "base_model.model.embed.lora_embedding_A": { values: new Float32Array(1), shape: [1] } },
        UnsupportedError,
      ],
    ])("%s", (_, tensors, Named) => {
      expect(() => decodePeftAdapter(toy, changed(files, { target_modules: ["W_in"] }, tensors))).toThrow(Named);
    });

    test("random damage of either file is refused by name or leaves a readable adapter, and never anything else", () => {
      const attempt = (damaged: PeftAdapterFiles): void => {
        try {
          decodePeftAdapter(toy, damaged);
        } catch (error) {
          expect(error instanceof CorruptFileError || error instanceof UnsupportedError).toBe(true);
        }
      };
      const text = new TextEncoder().encode(files.config);
      fc.assert(
        fc.property(damagedBytes(files.tensors), damagedBytes(text), (tensors, config) => {
          attempt({ ...files, tensors });
          attempt({ ...files, config: new TextDecoder().decode(config) });
        }),
        { numRuns: 150 },
      );
    });

    test("a module that target_modules does not name, an empty file and damaged ones", () => {
      expect(() => decodePeftAdapter(toy, changed(files, { target_modules: ["W_out"] }))).toThrow(/target_modules/);
      const none = encodeSafetensors({ tensors: new Map(), metadata: new Map() });
      expect(() => decodePeftAdapter(toy, { ...files, tensors: none })).toThrow(/no tensors/);
      expect(() => decodePeftAdapter(toy, { ...files, tensors: files.tensors.subarray(1) })).toThrow(CorruptFileError);
      expect(() => decodePeftAdapter(toy, { ...files, config: "{" })).toThrow(CorruptFileError);
    });

    test("an adapter whose weights are missing is not written", () => {
      const model = withRandomAdapter(toy, { target: "blocks.0.mlp.W_in" });
      const weights = new Map(model.weights);
      weights.delete("blocks.0.mlp.W_in.lora_B");
      expect(() => encodePeftAdapter({ ...model, weights })).toThrow(/W_in" are missing/);
    });
  });
});

test("callers without types: what is missing is asked for by name", () => {
  const files = { config: "{}", tensors: new Uint8Array(8) };
  expect(() => encodePeftAdapter(undefined as never)).toThrow("encodePeftAdapter: model is undefined");
  expect(() => decodePeftAdapter(undefined as never, files)).toThrow("decodePeftAdapter: model is undefined");
  expect(() => decodePeftAdapter(toy, undefined as never)).toThrow("decodePeftAdapter: files is undefined");
  expect(() => decodePeftAdapter(toy, { ...files, config: {} as never })).toThrow("files.config is {}");
  expect(() => decodePeftAdapter(toy, { ...files, tensors: "x" as never })).toThrow(InvalidArgumentError);
});
