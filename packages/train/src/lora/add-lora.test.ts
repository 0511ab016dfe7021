import { fc, test } from "@fast-check/vitest";
import { createKey, InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { randomModel } from "../model/_testing/random-model.ts";
import { loraScaling } from "../model/lora-adapter.ts";
import { linearLayers } from "../model/parameters.ts";
import { logits } from "./_testing/logits.ts";
import { addLora } from "./add-lora.ts";
import { enableLora, removeLora } from "./select-lora.ts";

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
      expect(adapters).toEqual([{ name: "default", target: weight, rank, alpha: rank, rsLora: false, enabled: true }]);
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

describe("patterns", () => {
  const add = (target: string | RegExp | readonly (string | RegExp)[], extra: object = {}) =>
    addLora(base, { target, rank: 1, key: createKey(0), ...extra });
  const names = (model: typeof base) => model.adapters.map(({ target }) => target);

  test("a star stands for any part of a name, a list for each of its members, all-linear for the blocks", () => {
    expect(names(add("blocks.*.attn.W_Q"))).toEqual(["blocks.0.attn.W_Q", "blocks.1.attn.W_Q"]);
    expect(names(add(["unembed.W_U", /blocks\.1\.mlp\..*/]))).toEqual([
      "blocks.1.mlp.W_in",
      "blocks.1.mlp.W_out",
      "unembed.W_U",
    ]);
    expect(names(add("all-linear"))).toEqual(targets.filter((target) => target.startsWith("blocks.")));
  });

  test("a regular expression matches whole names, also with the flag g", () => {
    expect(names(add(/.*W_O/g))).toEqual(["blocks.0.attn.W_O", "blocks.1.attn.W_O"]);
    expect(() => add(/W_O/)).toThrow(/matches no linear layer/);
  });

  test.each([["blocks.*.attn.W_X"], [["unembed.W_U", "blocks.7.*"]], [[]]])(
    "%j matches nothing and is refused",
    (target) => {
      expect(() => add(target)).toThrow(InvalidArgumentError);
      expect(() => add(target)).toThrow(/unembed\.W_U/);
    },
  );

  test("layers of one call have different A, each of them a function of the key and the layer", () => {
    const [first, second] = ["blocks.0.attn.W_Q", "blocks.1.attn.W_Q"].map((target) =>
      add("blocks.*.attn.W_Q").weights.get(`${target}.lora_A`),
    );
    expect(first).not.toEqual(second);
    expect(add("all-linear").weights.get("blocks.1.attn.W_Q.lora_A")).toEqual(second);
  });
});

describe("names, scaling and initialisation", () => {
  const target = "blocks.0.mlp.W_out";

  test("several adapters on one layer, each with its own parameters; a name is used once", async () => {
    const one = addLora(base, { target, rank: 1, key: createKey(0) });
    const two = addLora(one, { target, rank: 2, name: "second", key: createKey(1) });
    expect(two.weights.has(`${target}.lora_A`)).toBe(true);
    expect(two.weights.get(`${target}.lora_A.second`)?.length).toBe(10);
    expect(await logits(two)).toEqual(await logits(base));
    expect(() => addLora(two, { target, rank: 1, name: "second", key: createKey(2) })).toThrow(/"second" already/);
    expect(() => addLora(two, { target, rank: 1, name: "a b", key: createKey(2) })).toThrow(/"a b"/);
  });

  test("rsLoRA scales by alpha / sqrt(rank) (GOLDENS 74: alpha 8, rank 8 is 8 / sqrt 8)", () => {
    const sizes = { rank: 8, alpha: 8 };
    expect(loraScaling({ ...sizes, rsLora: true })).toBeCloseTo(8 / Math.sqrt(8), 15);
    expect(loraScaling({ ...sizes, rsLora: false })).toBe(1);
  });

  test("gaussian A has standard deviation 1 / rank (PEFT)", () => {
    const wide = randomModel({ dModel: 64, dMlp: 64, nHeads: 1 });
    const a = addLora(wide, { target, rank: 16, initialization: "gaussian", key: createKey(3) }).weights.get(
      `${target}.lora_A`,
    );
    const values = Array.from(a ?? []);
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    // 1024 draws: the relative standard error of the standard deviation is 1 / sqrt(2048) = 2.2 %.
    expect(Math.abs(Math.sqrt(variance) * 16 - 1)).toBeLessThan(0.1);
  });
});

test("a disabled adapter takes no part; enabled again it is as before; removed it is gone", async () => {
  const adapted = randomModel({}, ["blocks.0.mlp.W_out", "unembed.W_U"]);
  const off = enableLora(adapted, []);
  expect(await logits(off)).toEqual(await logits(removeLora(adapted, ["default"])));
  expect(await logits(off)).not.toEqual(await logits(adapted));
  expect(await logits(enableLora(off, ["default"]))).toEqual(await logits(adapted));
  expect(() => enableLora(adapted, ["other"])).toThrow(/no adapter "other".*default/s);
  expect(() => removeLora(base, ["default"])).toThrow(InvalidArgumentError);
});
