import { createKey, InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { hookPoints } from "./hook-points.ts";
import { linearLayers, parameterSpecs } from "./parameters.ts";
import { createTransformer } from "./transformer.ts";

const sizes = { nLayers: 2, dModel: 8, nHeads: 2, nCtx: 5, vocabularySize: 7 };

function deviation(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

describe("createTransformer", () => {
  test("TransformerLens' names and numbers of elements", () => {
    const { weights } = createTransformer({ ...sizes, outputSize: 3, dMlp: 6 });
    const expected = {
      "embed.W_E": 56,
      "pos_embed.W_pos": 40,
      ...Object.fromEntries(
        [0, 1].flatMap((i) =>
          Object.entries({
            "ln1.w": 8,
            "ln1.b": 8,
            "attn.W_Q": 64,
            "attn.b_Q": 8,
            "attn.W_K": 64,
            "attn.b_K": 8,
            "attn.W_V": 64,
            "attn.b_V": 8,
            "attn.W_O": 64,
            "attn.b_O": 8,
            "ln2.w": 8,
            "ln2.b": 8,
            "mlp.W_in": 48,
            "mlp.b_in": 6,
            "mlp.W_out": 48,
            "mlp.b_out": 8,
          }).map(([name, count]) => [`blocks.${i}.${name}`, count]),
        ),
      ),
      "ln_final.w": 8,
      "ln_final.b": 8,
      "unembed.W_U": 24,
      "unembed.b_U": 3,
    };
    expect(Object.fromEntries([...weights].map(([name, values]) => [name, values.length]))).toEqual(expected);
  });

  test("a tied model has no W_U", () => {
    const { weights } = createTransformer({ ...sizes, tiedUnembedding: true });
    expect(weights.has("unembed.W_U")).toBe(false);
    expect(weights.get("unembed.b_U")?.length).toBe(7);
  });

  test("matrices have the documented standard deviations, biases are 0 and gains 1", () => {
    const big = { nLayers: 2, dModel: 64, nHeads: 2, nCtx: 64, vocabularySize: 64 };
    const { weights } = createTransformer({ ...big, initScale: 0.5 });
    for (const [name, values] of weights) {
      if (/\.b(_\w+)?$/.test(name)) expect(deviation(values), name).toBe(0);
      else if (name.endsWith(".w"))
        expect(
          values.every((value) => value === 1),
          name,
        ).toBe(true);
      else expect(deviation(values) / (/W_O|W_out/.test(name) ? 0.25 : 0.5), name).toBeCloseTo(1, 1);
    }
    const byDefault = createTransformer(big).weights.get("blocks.0.mlp.W_in") ?? [];
    expect(deviation(byDefault)).toBeCloseTo(0.1, 2);
  });

  test("weights depend on the key and on nothing else", () => {
    const create = (seed: number) => createTransformer({ ...sizes, initKey: createKey(seed) }).weights;
    expect(create(1)).toEqual(create(1));
    expect(create(1).get("embed.W_E")).not.toEqual(create(2).get("embed.W_E"));
    const values = [...create(1)]
      .filter(([, one]) => deviation(one) > 0 && deviation(one) !== 1)
      .map(([, one]) => one[0]);
    expect(new Set(values).size).toBe(values.length);
  });

  test.each([
    ["nLayers", 0],
    ["dModel", 8.5],
    ["nHeads", 3],
    ["nCtx", Number.NaN],
    ["vocabularySize", -1],
    ["outputSize", 0],
    ["dMlp", Number.POSITIVE_INFINITY],
    ["layerNormEpsilon", 0],
    ["initScale", Number.NaN],
    ["activation", "swish"],
    ["normalization", "rms"],
    ["positional", "rotary"],
    ["tiedUnembedding", "yes"],
    ["initKey", 3],
  ])("%s = %s is refused by name", (name, value) => {
    const options = { ...sizes, [name]: value };
    expect(() => createTransformer(options)).toThrow(InvalidArgumentError);
    expect(() => createTransformer(options)).toThrow(name === "nHeads" ? /nHeads 3/ : new RegExp(name));
  });

  test("a tied unembedding needs as many outputs as inputs", () => {
    expect(() => createTransformer({ ...sizes, outputSize: 3, tiedUnembedding: true })).toThrow(InvalidArgumentError);
  });
});

test("every linear layer can carry an adapter and has its weight and bias among the parameters", () => {
  const { config } = createTransformer(sizes);
  const layers = linearLayers(config);
  const adapters = layers.map(({ weight }) => ({ target: weight, rank: 2, alpha: 1 }));
  const names = new Set(parameterSpecs(config, adapters).map(({ name }) => name));
  for (const { weight, bias } of layers) {
    for (const name of [weight, bias, `${weight}.lora_A`, `${weight}.lora_B`]) expect(names).toContain(name);
  }
});

test("hook points are unique and in the order of the computation", () => {
  const points = hookPoints({ nLayers: 2 });
  expect(new Set(points).size).toBe(points.length);
  expect(points.slice(0, 4)).toEqual([
    "hook_embed",
    "hook_pos_embed",
    "blocks.0.hook_resid_pre",
    "blocks.0.ln1.hook_normalized",
  ]);
  expect(points.at(-1)).toBe("ln_final.hook_normalized");
});
