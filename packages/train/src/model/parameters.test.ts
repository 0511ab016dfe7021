import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { completeConfig } from "./config.ts";
import { elementCount, linearLayers, parameterSpecs } from "./parameters.ts";
import { createTransformer } from "./transformer.ts";

const sizes = { nLayers: 2, dModel: 8, nHeads: 2, nCtx: 5, vocabularySize: 7 };

test("every linear layer can carry an adapter and has its weight and bias among the parameters", () => {
  const { config } = createTransformer(sizes);
  const layers = linearLayers(config);
  const adapters = layers.map(({ weight }) => ({ target: weight, rank: 2, alpha: 1 }));
  const names = new Set(parameterSpecs(config, adapters).map(({ name }) => name));
  for (const { weight, bias } of layers) {
    for (const name of [weight, bias, `${weight}.lora_A`, `${weight}.lora_B`]) expect(names).toContain(name);
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
    const adapters = linearLayers(config).map(({ weight }) => ({ target: weight, rank: 1, alpha: 1 }));
    const specs = parameterSpecs(config, adapters);
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    for (const { name, kind } of specs) expect(kind === "matrix", name).toBe(/W_|lora_[AB]$/.test(name));
  });

  test("the factors of an adapter are [nIn, rank] and [rank, nOut]", () => {
    const specs = parameterSpecs(config, [{ target: "blocks.0.mlp.W_out", rank: 2, alpha: 1 }]);
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
