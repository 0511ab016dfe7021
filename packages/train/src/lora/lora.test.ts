import { createKey, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { largestError } from "../kernels/_testing/named-call.ts";
import { perturbed, randomModel } from "../model/_testing/random-model.ts";
import { linearLayers } from "../model/parameters.ts";
import type { Transformer } from "../model/transformer.ts";
import { run } from "../run/run.ts";
import { addLora } from "./add-lora.ts";
import { mergeLora, unmergeLora } from "./merge-lora.ts";

const engine = createReferenceEngine();
const base = randomModel();
const targets = linearLayers(base.config).map(({ weight }) => weight);
const logits = async (model: Transformer) =>
  (await run(model, { tokens: [0, 1, 2, 4, 3, 1], length: 3, engine })).logits;

describe("low-rank adapters", () => {
  test.each(targets)("a fresh adapter on %s changes nothing, exactly", async (target) => {
    const model = addLora(base, { target, rank: 2, alpha: 3, key: createKey(1) });
    expect(await logits(model)).toEqual(await logits(base));
    expect(model.weights.get(target)).toBe(base.weights.get(target));
  });

  test.each(targets)("merged into %s the model computes the same; unmerging restores it exactly", async (target) => {
    const adapted = perturbed(addLora(base, { target, rank: 2, alpha: 3, key: createKey(1) }));
    const merged = mergeLora(adapted);
    expect(merged.weights.size).toBe(base.weights.size);
    expect(merged.weights.get(target)).not.toEqual(adapted.weights.get(target));
    // Merged weights are float32: rounding of the weights, not of the arithmetic.
    expect(largestError(await logits(merged), await logits(adapted))).toBeLessThan(1e-5);
    expect(unmergeLora(merged)).toBe(adapted);
  });

  test("several adapters merge together", async () => {
    const adapted = randomModel({}, targets);
    expect(largestError(await logits(mergeLora(adapted)), await logits(adapted))).toBeLessThan(1e-5);
  });

  test("scaling is alpha / rank (GOLDENS 74: alpha 3, rank 16 is .1875)", () => {
    const model = addLora(randomModel({ dModel: 16, dMlp: 16 }), {
      target: "blocks.0.mlp.W_in",
      rank: 16,
      alpha: 3,
      key: createKey(0),
    });
    const identity = Float32Array.from({ length: 256 }, (_, i) => (i % 17 === 0 ? 1 : 0));
    const weights = new Map(model.weights)
      .set("blocks.0.mlp.W_in.lora_A", identity)
      .set("blocks.0.mlp.W_in.lora_B", identity);
    const merged = mergeLora({ ...model, weights }).weights.get("blocks.0.mlp.W_in");
    const original = model.weights.get("blocks.0.mlp.W_in");
    expect((merged?.[0] ?? 0) - (original?.[0] ?? 0)).toBeCloseTo(0.1875, 6);
    expect((merged?.[1] ?? 0) - (original?.[1] ?? 0)).toBe(0);
  });

  test("flipping the sign of A and B changes nothing (GOLDENS 77)", async () => {
    const adapted = randomModel({}, ["blocks.0.mlp.W_out"]);
    const weights = new Map(
      [...adapted.weights].map(([name, values]) => [
        name,
        name.includes("lora") ? values.map((value) => -value) : values,
      ]),
    );
    expect(await logits({ ...adapted, weights })).toEqual(await logits(adapted));
  });

  test("A depends on the key alone and stays within +-1/sqrt(nIn)", () => {
    const a = (seed: number) =>
      addLora(base, { target: "blocks.0.mlp.W_out", rank: 1, key: createKey(seed) }).weights.get(
        "blocks.0.mlp.W_out.lora_A",
      );
    expect(a(1)).toEqual(a(1));
    expect(a(1)).not.toEqual(a(2));
    expect(Math.max(...(a(1) ?? []).map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(5));
  });

  test("refusals", () => {
    const add = (options: object) => () =>
      addLora(base, { target: "blocks.0.mlp.W_in", rank: 1, key: createKey(0), ...options });
    expect(add({ target: "blocks.0.mlp.W_down" })).toThrow(/blocks\.0\.mlp\.W_out/);
    expect(add({ target: "embed.W_E" })).toThrow(InvalidArgumentError);
    expect(add({ rank: 0 })).toThrow(InvalidArgumentError);
    expect(add({ rank: 5 })).toThrow(InvalidArgumentError);
    expect(add({ alpha: Number.NaN })).toThrow(InvalidArgumentError);
    const once = add({})();
    expect(() => addLora(once, { target: "blocks.0.mlp.W_in", rank: 1, key: createKey(0) })).toThrow(/already/);
    expect(() => mergeLora(base)).toThrow(InvalidArgumentError);
    expect(() => unmergeLora(base)).toThrow(InvalidArgumentError);
    expect(() => mergeLora(randomModel({ tiedUnembedding: true }, ["unembed.W_U"]))).toThrow(UnsupportedError);
  });
});
