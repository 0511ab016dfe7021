import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { completeConfig } from "./config.ts";
import { elementCount, linearLayers, parameterSpecs } from "./parameters.ts";
import { createTransformer } from "./transformer.ts";

const adapter = (target: string, rank: number) => ({
  name: "default",
  target,
  rank,
  alpha: 1,
  rsLora: false,
  enabled: true,
});
const sizes = { nLayers: 2, dModel: 8, nHeads: 2, nCtx: 5, vocabularySize: 7 };

test("every linear layer can carry an adapter and has its weight and bias among the parameters", () => {
  const { config } = createTransformer(sizes);
  const layers = linearLayers(config);
  const adapters = layers.map(({ weight }) => adapter(weight, 2));
  const names = new Set(parameterSpecs(config, adapters).map(({ name }) => name));
  for (const { weight, bias } of layers) {
    for (const name of [weight, bias ?? "none", `${weight}.lora_A`, `${weight}.lora_B`]) expect(names).toContain(name);
  }
});

describe("parameterSpecs", () => {
  const { config } = createTransformer({ ...sizes, dMlp: 6, outputSize: 3 });
  const shapes = new Map(parameterSpecs(config, []).map(({ name, shape }) => [name, shape]));

  test.each([
    ["embed.W_E", [7, 8]],
    ["pos_embed.W_pos", [5, 8]],
    ["blocks.1.attn.W_Q", [2, 8, 4]],
    ["blocks.1.attn.W_K", [2, 8, 4]],
    ["blocks.1.attn.W_V", [2, 8, 4]],
    ["blocks.1.attn.b_Q", [2, 4]],
    ["blocks.1.attn.W_O", [2, 4, 8]],
    ["blocks.1.attn.b_O", [8]],
    ["blocks.1.mlp.W_in", [8, 6]],
    ["blocks.1.mlp.W_out", [6, 8]],
    ["unembed.W_U", [8, 3]],
    ["unembed.b_U", [3]],
  ])("%s has TransformerLens' shape %j", (name, shape) => {
    expect(shapes.get(name)).toEqual(shape);
  });

  test.prop([
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.boolean(),
  ])("the number of parameters is the textbook's", (nLayers, nHeads, dHead, tiedUnembedding) => {
    const d = nHeads * dHead;
    const its = completeConfig({ ...sizes, nLayers, nHeads, dModel: d, dMlp: 5, tiedUnembedding });
    const perBlock = 4 * (d * d + d) + (d * 5 + 5) + (5 * d + d) + 4 * d;
    const ends = 7 * d + 5 * d + 2 * d + (tiedUnembedding ? 0 : 7 * d) + 7;
    const total = parameterSpecs(its, []).reduce((sum, { shape }) => sum + elementCount(shape), 0);
    expect(total).toBe(nLayers * perBlock + ends);
  });

  test("names are unique; matrices are what has W_, A or B in its name", () => {
    const adapters = linearLayers(config).map(({ weight }) => adapter(weight, 1));
    const specs = parameterSpecs(config, adapters);
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    for (const { name, kind } of specs) expect(kind === "matrix", name).toBe(/W_|lora_[AB]$/.test(name));
  });

  test("the factors of an adapter are [nIn, rank] and [rank, nOut]", () => {
    const specs = parameterSpecs(config, [adapter("blocks.0.mlp.W_out", 2)]);
    expect(specs.slice(-2).map(({ name, shape }) => [name, shape])).toEqual([
      ["blocks.0.mlp.W_out.lora_A", [6, 2]],
      ["blocks.0.mlp.W_out.lora_B", [2, 8]],
    ]);
  });

  test("only the projections into the residual stream are scaled down, by sqrt(2 nLayers)", () => {
    for (const { name, kind, scale } of parameterSpecs(config, [])) {
      const expected = kind === "vector" ? 0 : /W_O|W_out/.test(name) ? 0.5 : 1;
      expect(scale, name).toBeCloseTo(expected, 15);
    }
  });
});

describe("parameters of other architectures", () => {
  test("grouped queries have fewer key and value heads, gated MLPs a third matrix, RMS norms no bias", () => {
    const config = completeConfig({
      ...sizes,
      nKeyValueHeads: 1,
      dHead: 3,
      gatedMlp: true,
      normalization: "pre-rms-norm",
      positional: "rotary",
      rotaryDim: 2,
      biases: ["qkv"],
      tiedUnembedding: true,
    });
    const shapes = new Map(parameterSpecs(config, []).map(({ name, shape }) => [name, shape]));
    expect(shapes.get("blocks.0.attn.W_Q")).toEqual([2, 8, 3]);
    expect(shapes.get("blocks.0.attn.W_K")).toEqual([1, 8, 3]);
    expect(shapes.get("blocks.0.attn.b_V")).toEqual([1, 3]);
    expect(shapes.get("blocks.0.attn.W_O")).toEqual([2, 3, 8]);
    expect(shapes.get("blocks.0.mlp.W_gate")).toEqual([8, 32]);
    for (const absent of [
      "pos_embed.W_pos",
      "blocks.0.ln1.b",
      "blocks.0.attn.b_O",
      "blocks.0.mlp.b_in",
      "unembed.b_U",
      "unembed.W_U",
    ]) {
      expect(shapes.has(absent), absent).toBe(false);
    }
  });

  test("two adapters of different names on one layer have four matrices", () => {
    const { config } = createTransformer(sizes);
    const names = parameterSpecs(config, [
      adapter("unembed.W_U", 1),
      { ...adapter("unembed.W_U", 2), name: "second" },
    ]).map(({ name }) => name);
    expect(names.slice(-4)).toEqual([
      "unembed.W_U.lora_A",
      "unembed.W_U.lora_B",
      "unembed.W_U.lora_A.second",
      "unembed.W_U.lora_B.second",
    ]);
  });
});
