import { createKey } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { addLora } from "../lora/add-lora.ts";
import { loraParameterNames, loraScaling } from "./lora-adapter.ts";
import { createTransformer } from "./transformer.ts";

test.each([
  [1, 1, 1, 1],
  [4, 8, 2, 4],
  [16, 2, 0.125, 0.5],
  [2, -3, -1.5, -3 / Math.SQRT2],
])("rank %d and alpha %d scale by %d, with rsLoRA by %d", (rank, alpha, plain, rsLora) => {
  expect(loraScaling({ rank, alpha, rsLora: false })).toBeCloseTo(plain, 15);
  expect(loraScaling({ rank, alpha, rsLora: true })).toBeCloseTo(rsLora, 15);
});

test("only the name default has no suffix, and all names are apart", () => {
  const target = "blocks.0.mlp.W_in";
  expect(loraParameterNames({ target, name: "default" })).toEqual({ a: `${target}.lora_A`, b: `${target}.lora_B` });
  const names = ["default", "b", "lora_A", "lora_B", "hook_pattern"];
  const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
  const model = names.reduce((before, name) => addLora(before, { target, rank: 1, name, key: createKey(0) }), base);
  expect(model.weights.size).toBe(base.weights.size + 2 * names.length);
  for (const { a, b } of model.adapters.map(loraParameterNames)) {
    expect([model.weights.get(a)?.length, model.weights.get(b)?.length]).toEqual([4, 16]);
  }
});
