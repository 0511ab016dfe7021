import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { randomModel } from "../model/_testing/random-model.ts";
import { completeConfig } from "../model/config.ts";
import { packParameters, padded, parameterLayout, unpackParameters } from "./parameter-layout.ts";

const model = randomModel({}, ["blocks.0.attn.W_K"]);
const layout = parameterLayout(model.config, model.adapters);

describe("the flat parameter vector", () => {
  test("unpacking inverts packing", () => {
    expect(unpackParameters(layout, Float32Array.from(packParameters(layout, model.weights, "test")))).toEqual(
      model.weights,
    );
  });

  test("W_Q is stored as a matrix [dModel, heads * dHead]", () => {
    const flat = packParameters(layout, model.weights, "test");
    const offset = layout.entries.get("blocks.0.attn.W_Q")?.offset ?? 0;
    const weight = model.weights.get("blocks.0.attn.W_Q") ?? [];
    for (const [h, i, c] of [
      [0, 0, 0],
      [1, 0, 1],
      [0, 3, 1],
      [1, 2, 0],
    ] as const) {
      expect(flat[offset + i * 4 + h * 2 + c]).toBe(weight[h * 8 + i * 2 + c]);
    }
  });

  test("parameters start on multiples of 16 and do not overlap", () => {
    let end = 0;
    for (const { offset, count } of [...layout.entries.values()].sort((a, b) => a.offset - b.offset)) {
      expect(offset % 16).toBe(0);
      expect(offset).toBeGreaterThanOrEqual(end);
      end = offset + count;
    }
    expect(layout.length).toBeGreaterThanOrEqual(end);
  });

  test("what is missing is named before a vector of that size is allocated", () => {
    const huge = parameterLayout(completeConfig({ ...model.config, dModel: 2 ** 31 - 1 }), []);
    expect(() => packParameters(huge, new Map(), "run")).toThrow(/run: the weights of "embed.W_E" are missing/);
  });

  test("missing, unknown, misshapen and non-finite weights are refused by name", () => {
    const without = new Map(model.weights);
    without.delete("ln_final.b");
    expect(() => packParameters(layout, without, "test")).toThrow(/ln_final\.b/);
    expect(() => packParameters(layout, new Map(model.weights).set("x", new Float32Array(1)), "test")).toThrow(
      InvalidArgumentError,
    );
    expect(() => packParameters(layout, new Map(model.weights).set("ln_final.b", new Float32Array(1)), "test")).toThrow(
      ShapeError,
    );
    expect(() =>
      packParameters(layout, new Map(model.weights).set("ln_final.b", new Float32Array(4).fill(Number.NaN)), "test"),
    ).toThrow(/"ln_final\.b" has the value NaN at index 0/);
  });
});

describe("laws of the flat parameter vector", () => {
  const shape = fc.record({
    nLayers: fc.integer({ min: 1, max: 2 }),
    nHeads: fc.integer({ min: 1, max: 3 }),
    dHead: fc.integer({ min: 1, max: 3 }),
    dMlp: fc.integer({ min: 1, max: 5 }),
    tiedUnembedding: fc.boolean(),
  });
  const modelOf = ({ dHead, ...sizes }: { readonly nHeads: number; readonly dHead: number }) => {
    const lora = dHead * sizes.nHeads > 1 ? ["blocks.0.attn.W_Q", "blocks.0.attn.W_O"] : [];
    return randomModel({ ...sizes, dModel: sizes.nHeads * dHead }, lora);
  };

  test.prop([shape], { numRuns: 25 })("unpacking inverts packing at every size, bit by bit", (sizes) => {
    const { config, adapters, weights } = modelOf(sizes);
    const its = parameterLayout(config, adapters);
    const flat = packParameters(its, weights, "test");
    const back = unpackParameters(its, flat);
    expect([...back.keys()].sort()).toEqual([...weights.keys()].sort());
    for (const [name, values] of weights) expect([...(back.get(name) ?? [])], name).toEqual([...values]);
    expect(packParameters(its, back, "test")).toEqual(flat);
  });

  test.prop([shape], { numRuns: 25 })("column (h, c) of a stored W_Q, W_K, W_V is column c of head h", (sizes) => {
    const { config, adapters, weights } = modelOf(sizes);
    const its = parameterLayout(config, adapters);
    const flat = packParameters(its, weights, "test");
    const { dModel: d, nHeads } = config;
    const dh = d / nHeads;
    for (const letter of ["Q", "K", "V"]) {
      const name = `blocks.0.attn.W_${letter}`;
      const offset = its.entries.get(name)?.offset ?? Number.NaN;
      for (let h = 0; h < nHeads; h++) {
        for (let i = 0; i < d; i++) {
          for (let c = 0; c < dh; c++) {
            expect(flat[offset + i * d + h * dh + c]).toBe(weights.get(name)?.[(h * d + i) * dh + c]);
          }
        }
      }
    }
  });

  test.prop([shape], { numRuns: 25 })("W_O and everything else is stored as it is", (sizes) => {
    const { config, adapters, weights } = modelOf(sizes);
    const its = parameterLayout(config, adapters);
    const flat = packParameters(its, weights, "test");
    for (const [name, { offset, count }] of its.entries) {
      if (/\.attn\.W_[QKV]$/.test(name)) continue;
      expect([...flat.subarray(offset, offset + count)], name).toEqual([...(weights.get(name) ?? [])]);
    }
  });

  test("every matrix lies before every vector", () => {
    const ends = (kind: string) => [...layout.entries.values()].filter((entry) => entry.kind === kind);
    const lastMatrix = Math.max(...ends("matrix").map(({ offset }) => offset));
    expect(lastMatrix).toBeLessThan(Math.min(...ends("vector").map(({ offset }) => offset)));
  });

  test("weights come back in the precision of the vector", () => {
    const flat = packParameters(layout, model.weights, "test");
    expect(unpackParameters(layout, flat).get("embed.W_E")).toBeInstanceOf(Float64Array);
    expect(unpackParameters(layout, Float32Array.from(flat)).get("embed.W_E")).toBeInstanceOf(Float32Array);
  });

  test.prop([fc.nat(10_000)])("padding is to the next multiple of 16", (count) => {
    expect(padded(count) % 16).toBe(0);
    expect(padded(count) - count).toBeGreaterThanOrEqual(0);
    expect(padded(count) - count).toBeLessThan(16);
  });
});
