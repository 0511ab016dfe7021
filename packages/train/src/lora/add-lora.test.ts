import { fc, test } from "@fast-check/vitest";
import { createKey, InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { randomModel } from "../model/_testing/random-model.ts";
import { linearLayers } from "../model/parameters.ts";
import { logits } from "./_testing/logits.ts";
import { addLora } from "./add-lora.ts";

const base = randomModel();
const targets = linearLayers(base.config).map(({ weight }) => weight);

describe("low-rank adapters", () => {
  test.each(targets)("a fresh adapter on %s changes nothing, exactly", async (target) => {
    const model = addLora(base, { target, rank: 2, alpha: 3, key: createKey(1) });
    expect(await logits(model)).toEqual(await logits(base));
    expect(model.weights.get(target)).toBe(base.weights.get(target));
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

  test.prop([fc.constantFrom(...linearLayers(base.config)), fc.integer({ min: 1, max: 3 }), fc.nat()])(
    "A is [nIn, rank] within +-1/sqrt(nIn), B [rank, nOut] is 0, the base weights are shared",
    ({ weight, nIn, nOut }, rank, seed) => {
      const { adapters, weights } = addLora(base, { target: weight, rank, key: createKey(seed) });
      expect(adapters).toEqual([{ target: weight, rank, alpha: rank }]);
      const a = weights.get(`${weight}.lora_A`) ?? [];
      expect(a.length).toBe(nIn * rank);
      expect(Math.max(...Array.from(a, Math.abs))).toBeLessThanOrEqual(Math.fround(1 / Math.sqrt(nIn)));
      expect([...(weights.get(`${weight}.lora_B`) ?? [])]).toEqual(Array(rank * nOut).fill(0));
      for (const [name, values] of base.weights) expect(weights.get(name)).toBe(values);
      expect(base.weights.has(`${weight}.lora_A`)).toBe(false);
    },
  );

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
  });
});
