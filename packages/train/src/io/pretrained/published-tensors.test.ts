import { describe, expect, test } from "vitest";
import { completeConfig } from "../../model/config.ts";
import { parameterSpecs } from "../../model/parameters.ts";
import { tinyPublished } from "../_testing/published-checkpoint.ts";
import { readPublishedConfig } from "./published-config.ts";
import { gatherPart, isBuffer, modelPrefix, publishedTensors } from "./published-tensors.ts";

const product = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

function tensorsOf(name: keyof typeof tinyPublished) {
  const { config } = tinyPublished[name];
  const { family, options, positions, tied } = readPublishedConfig(config, { largestDepth: 9 });
  const completed = completeConfig({ ...options, tiedUnembedding: tied ?? false });
  return { family, completed, tensors: publishedTensors(family, completed, positions) };
}

describe("tensors of published models", () => {
  test.each(Object.entries(tinyPublished))("%s: names and shapes are those of transformers", (label, { shapes }) => {
    const name = Object.keys(tinyPublished).find((one): one is keyof typeof tinyPublished => one === label) ?? "gpt2";
    const { family, tensors } = tensorsOf(name);
    const here = tensors.map((one) => [one.inModel ? modelPrefix(family) + one.name : one.name, one.shape] as const);
    expect(new Map(here)).toEqual(new Map(shapes));
  });

  test.each(["gpt2", "llama", "llama3", "qwen2", "gemma2"] as const)(
    "%s: every parameter is made once, and every published entry is used once",
    (name) => {
      const { completed, tensors } = tensorsOf(name);
      const parts = tensors.flatMap((one) => one.parts);
      const specs = parameterSpecs(completed, []);
      expect(parts.map(({ target }) => target).toSorted()).toEqual(specs.map((spec) => spec.name).toSorted());
      for (const { target, shape } of parts) {
        expect(product(shape)).toBe(product(specs.find((spec) => spec.name === target)?.shape ?? []));
      }
      for (const { shape, parts: own } of tensors) {
        const indices = Float64Array.from({ length: product(shape) }, (_, i) => i);
        const used = own.flatMap((part) => [...gatherPart(indices, { ...part, add: 0 })]);
        expect(used.toSorted((a, b) => a - b)).toEqual([...indices]);
      }
    },
  );

  test("strides and an offset pick entries; the precision stays, and so does the sign of 0", () => {
    const values = Float32Array.of(0, 1, 2, 3, 4, 5);
    const part = { target: "x", shape: [2, 2], strides: [1, 3], offset: 1, add: 0 };
    expect(gatherPart(values, part)).toEqual(Float32Array.of(1, 4, 2, 5));
    expect(gatherPart(Float64Array.from(values), { ...part, add: 1 })).toEqual(Float64Array.of(2, 5, 3, 6));
    const zero = { target: "x", shape: [1], strides: [1], offset: 0, add: 0 };
    expect(Object.is(gatherPart(Float32Array.of(-0), zero)[0], -0)).toBe(true);
  });

  test("buffers of old files", () => {
    for (const name of ["h.0.attn.bias", "h.11.attn.masked_bias", "layers.3.self_attn.rotary_emb.inv_freq"]) {
      expect(isBuffer(name)).toBe(true);
    }
    for (const name of ["h.0.attn.c_attn.bias", "h.0.ln_1.bias", "bias", "layers.3.self_attn.q_proj.bias"]) {
      expect(isBuffer(name)).toBe(false);
    }
  });
});
