import { InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kernelSignatures } from "../kernels/index.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { compilePlan } from "./compile.ts";
import { packParameters, parameterLayout, unpackParameters } from "./parameter-layout.ts";
import { defaultShards } from "./shards.ts";
import { optimizerSegments, resolveTrainable, type TrainableSpec } from "./trainable.ts";

const model = randomModel({}, ["blocks.0.attn.W_K"]);
const layout = parameterLayout(model.config, model.adapters);
const resolve = (spec: TrainableSpec) => resolveTrainable(layout, spec, "test");

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

describe("the trainable set", () => {
  test("all is two optimizer segments that cover the vector: matrices with decay, vectors without", () => {
    const segments = optimizerSegments(resolve("all"));
    expect(segments.map(({ decay }) => decay)).toEqual([true, false]);
    expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(layout.length);
    expect(resolve("all").gradientLength).toBe(layout.length);
  });

  test("adapters are the two factors of every adapter", () => {
    expect(resolve("adapters").runs.map(({ parameter }) => parameter)).toEqual([
      "blocks.0.attn.W_K.lora_A",
      "blocks.0.attn.W_K.lora_B",
    ]);
  });

  test("rows are sorted, merged where adjacent, without decay unless asked", () => {
    const offset = layout.entries.get("embed.W_E")?.offset ?? 0;
    const { runs, gradientLength } = resolve([{ parameter: "embed.W_E", rows: [4, 1, 2, 2] }]);
    expect(runs.map((run) => [run.offset - offset, run.count, run.decay])).toEqual([
      [4, 8, false],
      [16, 4, false],
    ]);
    expect(gradientLength).toBe(32);
    expect(resolve([{ parameter: "embed.W_E", rows: [0], decay: true }]).runs[0]?.decay).toBe(true);
    expect(resolve([{ parameter: "unembed.b_U" }]).runs[0]?.decay).toBe(false);
    expect(resolve([{ parameter: "unembed.W_U", decay: false }]).runs[0]?.decay).toBe(false);
  });

  test.each<[string, TrainableSpec, new (...args: never[]) => Error]>([
    ["an unknown parameter", [{ parameter: "embed.W" }], InvalidArgumentError],
    [
      "a parameter named twice",
      [{ parameter: "embed.W_E" }, { parameter: "embed.W_E", rows: [0] }],
      InvalidArgumentError,
    ],
    ["a row out of range", [{ parameter: "embed.W_E", rows: [5] }], InvalidArgumentError],
    ["no rows", [{ parameter: "embed.W_E", rows: [] }], InvalidArgumentError],
    ["rows of interleaved heads", [{ parameter: "blocks.0.attn.W_Q", rows: [0] }], UnsupportedError],
    ["nothing", [], InvalidArgumentError],
  ])("%s is refused by name", (_, spec, kind) => {
    expect(() => resolve(spec)).toThrow(kind);
  });

  test("adapters of a model that has none are refused", () => {
    const bare = randomModel();
    expect(() => resolveTrainable(parameterLayout(bare.config, []), "adapters", "test")).toThrow(/addLora/);
  });
});

describe("shards", () => {
  test.each([
    [128, 8],
    [64, 4],
    [96, 6],
    [100, 5],
    [7, 1],
    [1, 1],
    [512, 16],
  ])("a batch of %s has %s", (batch, shards) => {
    expect(defaultShards(batch)).toBe(shards);
  });

  test("they always divide the batch and never exceed 16", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (batch) => {
        expect(batch % defaultShards(batch)).toBe(0);
        expect(defaultShards(batch)).toBeLessThanOrEqual(16);
      }),
    );
  });
});

describe("plans", () => {
  const plan = compilePlan({
    config: model.config,
    adapters: model.adapters,
    batch: 4,
    length: 3,
    shards: 2,
    trainable: "all",
    capture: ["blocks.0.hook_resid_mid"],
    keepLogits: true,
  });

  test("buffers of a region start on multiples of 16, do not overlap and stay inside it", () => {
    for (const region of ["shared", "shard", "workspace"] as const) {
      let end = 0;
      const buffers = [...plan.buffers.values()].filter((buffer) => buffer.region === region);
      for (const { offset, length, shape } of buffers.sort((a, b) => a.offset - b.offset)) {
        expect(offset % 16).toBe(0);
        expect(offset).toBeGreaterThanOrEqual(end);
        expect(shape.reduce((product, size) => product * size, 1)).toBe(length);
        end = offset + length;
      }
      expect(plan.regionLengths[region]).toBeGreaterThanOrEqual(end);
      expect(plan.regionLengths[region] % 16).toBe(0);
    }
  });

  test("every call has an argument of the right kind for every parameter of its signature", () => {
    for (const phase of Object.values(plan.phases)) {
      for (const { kernel, args } of [...phase.perShard, ...phase.shared]) {
        const { args: expected } = kernelSignatures[kernel];
        expect(args.length).toBe(expected.length);
        for (const [i, [name, kind]] of expected.entries()) {
          const argument = args[i];
          if (kind === "buffer") expect(typeof argument === "object" || argument === 0, `${kernel}.${name}`).toBe(true);
          else expect(Number.isFinite(argument), `${kernel}.${name}`).toBe(true);
        }
      }
    }
  });

  test("the stride of the reduction is the length of a shard", () => {
    const reduce = plan.phases.gradient?.shared.find(({ kernel }) => kernel === "reduce_shards");
    expect(reduce?.args[1]).toBe(plan.regionLengths.shard);
  });
});
