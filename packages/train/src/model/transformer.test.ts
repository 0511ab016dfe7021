import { createKey, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { elementCount, parameterSpecs } from "./parameters.ts";
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

  test("weights come in canonical order, with as many elements as their shapes, and no adapter", () => {
    const { config, adapters, weights } = createTransformer(sizes);
    const specs = parameterSpecs(config, adapters);
    expect(adapters).toEqual([]);
    expect([...weights.keys()]).toEqual(specs.map(({ name }) => name));
    for (const { name, shape } of specs) expect(weights.get(name)?.length, name).toBe(elementCount(shape));
  });

  test("a model of more than 2^31 parameters is refused with its size, before anything is allocated", () => {
    const attempt = () => createTransformer({ ...sizes, nLayers: 65536, dModel: 2 ** 20 });
    expect(attempt).toThrow(UnsupportedError);
    expect(attempt).toThrow(/has \d+ parameters, \d.*GiB/);
  });

  test("initScale is a factor of the weights, nothing else", () => {
    const create = (initScale: number) => createTransformer({ ...sizes, initScale }).weights;
    const [one, two] = [create(1), create(2)];
    for (const [name, values] of one) {
      const factor = /W_/.test(name) ? 2 : 1;
      expect([...(two.get(name) ?? [])], name).toEqual(Array.from(values, (value) => factor * value));
    }
  });
});
