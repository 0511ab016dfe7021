import { describe, expect, test } from "vitest";
import { completeConfig } from "../model/config.ts";
import { peftModuleNames, peftModules } from "./peft-modules.ts";

const sizes = { nLayers: 1, dModel: 8, nHeads: 2, nCtx: 4, vocabularySize: 5 };
const gpt2 = completeConfig({ ...sizes, activation: "gelu-tanh", biases: ["qkv", "attention-out", "mlp", "norm"] });
const llama = completeConfig({
  ...sizes,
  nKeyValueHeads: 1,
  positional: "rotary",
  normalization: "pre-rms-norm",
  gatedMlp: true,
  activation: "silu",
  biases: "none",
});

describe("modules in the sense of PEFT", () => {
  test("a model has the names of the published architecture that it is", () => {
    expect(peftModuleNames(gpt2)).toBe("gpt2");
    expect(peftModuleNames(llama)).toBe("llama");
    expect(peftModuleNames({ ...llama, biases: ["qkv"] })).toBe("llama");
    expect(peftModuleNames({ ...llama, postNormalization: true, outputSoftCap: 30 })).toBe("llama");
    expect(peftModuleNames(completeConfig(sizes))).toBe("blocks");
    expect(peftModuleNames({ ...llama, rotaryInterleaved: true })).toBe("blocks");
    expect(peftModuleNames({ ...gpt2, attentionOnly: true })).toBe("blocks");
    expect(peftModuleNames({ ...gpt2, outputSoftCap: 3 })).toBe("blocks");
  });

  test("names of every family", () => {
    const names = (config: typeof gpt2, family: "gpt2" | "llama" | "blocks") =>
      peftModules(config, family).map(({ name }) => name);
    expect(names(gpt2, "gpt2")).toEqual([
      "transformer.h.0.attn.c_attn",
      "transformer.h.0.attn.c_proj",
      "transformer.h.0.mlp.c_fc",
      "transformer.h.0.mlp.c_proj",
      "lm_head",
    ]);
    expect(names(llama, "llama").toSorted()).toEqual(
      [
        "lm_head",
        ...["q", "k", "v", "o"].map((letter) => `model.layers.0.self_attn.${letter}_proj`),
        ...["gate", "up", "down"].map((part) => `model.layers.0.mlp.${part}_proj`),
      ].toSorted(),
    );
    expect(names(llama, "blocks")).toContain("blocks.0.mlp.W_gate");
  });

  test("c_attn is queries, keys and values side by side, everything else one layer", () => {
    for (const { name, layers } of peftModules(gpt2, "gpt2")) {
      const weights = layers.map(({ weight }) => weight);
      if (name.endsWith("c_attn")) {
        expect(weights).toEqual(["Q", "K", "V"].map((letter) => `blocks.0.attn.W_${letter}`));
      } else {
        expect(weights.length).toBe(1);
      }
    }
  });

  test("a layer that a family does not have has no module", () => {
    expect(
      peftModules(llama, "gpt2").some(({ layers }) => layers.some(({ weight }) => weight.endsWith("W_gate"))),
    ).toBe(false);
  });
});
