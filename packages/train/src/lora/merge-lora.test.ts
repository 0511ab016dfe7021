import { fc, test } from "@fast-check/vitest";
import { createKey, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { largestError } from "../kernels/_testing/named-call.ts";
import { perturbed, randomModel } from "../model/_testing/random-model.ts";
import { linearLayers } from "../model/parameters.ts";
import { logits } from "./_testing/logits.ts";
import { addLora } from "./add-lora.ts";
import { mergeLora, unmergeLora } from "./merge-lora.ts";

const base = randomModel();
const targets = linearLayers(base.config).map(({ weight }) => weight);

describe("merging adapters", () => {
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

  test.prop([fc.constantFrom("Q", "K", "V"), fc.integer({ min: 1, max: 3 })])(
    "head h of a merged W_Q, W_K, W_V gains columns h dHead to (h + 1) dHead of (alpha / rank) A B",
    (letter, nHeads) => {
      const target = `blocks.0.attn.W_${letter}`;
      const adapted = randomModel({ nHeads, dModel: 2 * nHeads }, [target]);
      const [d, rank, alpha] = [2 * nHeads, 2, 3];
      const of = (name: string, i: number) => adapted.weights.get(name)?.[i] ?? Number.NaN;
      for (const [i, value] of (mergeLora(adapted).weights.get(target) ?? []).entries()) {
        const [head, row, column] = [Math.floor(i / (d * 2)), Math.floor(i / 2) % d, i % 2];
        let update = 0;
        for (let r = 0; r < rank; r++) {
          update += of(`${target}.lora_A`, row * rank + r) * of(`${target}.lora_B`, r * d + head * 2 + column);
        }
        expect(value).toBeCloseTo(of(target, i) + (alpha / rank) * update, 5);
      }
    },
  );

  test("only the adapted weight changes, and the model that was merged is left alone", () => {
    const adapted = randomModel({}, ["blocks.1.attn.W_O"]);
    const before = new Map([...adapted.weights].map(([name, values]) => [name, values.slice()]));
    const merged = mergeLora(adapted);
    expect(adapted.weights).toEqual(before);
    expect(merged.adapters).toEqual([]);
    for (const [name, values] of merged.weights) {
      if (name !== "blocks.1.attn.W_O") expect(values).toBe(adapted.weights.get(name));
    }
  });

  test("refusals", () => {
    expect(() => mergeLora(base)).toThrow(InvalidArgumentError);
    expect(() => unmergeLora(base)).toThrow(InvalidArgumentError);
    expect(() => mergeLora(randomModel({ tiedUnembedding: true }, ["unembed.W_U"]))).toThrow(UnsupportedError);
    const incomplete = new Map(randomModel({}, ["blocks.0.mlp.W_in"]).weights);
    incomplete.delete("blocks.0.mlp.W_in.lora_B");
    const broken = { ...randomModel({}, ["blocks.0.mlp.W_in"]), weights: incomplete };
    expect(() => mergeLora(broken)).toThrow(/"blocks\.0\.mlp\.W_in" is incomplete/);
    expect(() => mergeLora(base)).toThrow(/addLora/);
  });
});
