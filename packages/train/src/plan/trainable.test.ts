import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { randomModel } from "../model/_testing/random-model.ts";
import { packParameters, parameterLayout } from "./parameter-layout.ts";
import { optimizerSegments, resolveTrainable, type TrainableParameter, type TrainableSpec } from "./trainable.ts";

const model = randomModel({}, ["blocks.0.attn.W_K"]);
const layout = parameterLayout(model.config, model.adapters);
const resolve = (spec: TrainableSpec) => resolveTrainable(layout, spec, "test", model.adapters);

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

  test("adapters that are disabled are not trained; biases are those of layers and norms", () => {
    const disabled = model.adapters.map((adapter) => ({ ...adapter, enabled: false }));
    expect(() => resolveTrainable(layout, "adapters", "test", disabled)).toThrow(/no enabled adapters/);
    const names = resolve("biases").runs.map(({ parameter }) => parameter);
    const vectors = [...layout.entries.values()].filter(({ kind, name }) => kind === "vector" && !name.endsWith(".w"));
    expect(names).toEqual(vectors.map(({ name }) => name));
  });

  test("disabled adapters keep their weights, whatever else is trained", () => {
    const disabled = model.adapters.map((adapter) => ({ ...adapter, enabled: false }));
    const names = resolveTrainable(layout, "all", "test", disabled).runs.map(({ parameter }) => parameter);
    expect(names).toEqual([...layout.entries.keys()].filter((name) => !name.includes("lora")));
    const named = [{ parameter: "blocks.0.attn.W_K.lora_A" }];
    expect(() => resolveTrainable(layout, named, "test", disabled)).toThrow(/disabled adapter. Enable it/);
  });

  test("the name of an adapter makes no bias of it", () => {
    const named = model.adapters.map((adapter) => ({ ...adapter, name: "b" }));
    const own = parameterLayout(model.config, named);
    const names = resolveTrainable(own, "biases", "test", named).runs.map(({ parameter }) => parameter);
    expect(names).toEqual(resolve("biases").runs.map(({ parameter }) => parameter));
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
    ["a word that means nothing", "bias" as "biases", InvalidArgumentError],
    ["no list", {} as TrainableParameter[], InvalidArgumentError],
  ])("%s is refused by name", (_, spec, kind) => {
    expect(() => resolve(spec)).toThrow(kind);
  });

  test("adapters of a model that has none are refused", () => {
    const bare = randomModel();
    expect(() => resolveTrainable(parameterLayout(bare.config, []), "adapters", "test")).toThrow(/addLora/);
  });
});

/** Some parameters in any order, each whole or by rows, decayed or not. */
const someParameters: fc.Arbitrary<readonly TrainableParameter[]> = fc
  .shuffledSubarray([...layout.entries.values()], { minLength: 1 })
  .chain((entries) =>
    fc.tuple(
      ...entries.map(({ name, shape, interleavedHeads }) => {
        const row = fc.nat((shape[0] ?? 1) - 1);
        const rows =
          interleavedHeads > 1
            ? fc.constant(undefined)
            : fc.option(fc.array(row, { minLength: 1 }), { nil: undefined });
        return fc.tuple(rows, fc.option(fc.boolean(), { nil: undefined })).map(([some, decay]) => ({
          parameter: name,
          ...(some === undefined ? {} : { rows: some }),
          ...(decay === undefined ? {} : { decay }),
        }));
      }),
    ),
  );

/** Flat indices of the elements that a specification names, found by packing weights that are 1 there and 0 elsewhere. */
function namedElements(spec: readonly TrainableParameter[]): readonly number[] {
  const weights = new Map([...layout.entries].map(([name, { count }]) => [name, new Float32Array(count)]));
  for (const { parameter, rows } of spec) {
    const { count = 0, shape = [] } = layout.entries.get(parameter) ?? {};
    const width = count / (shape[0] ?? 1);
    const values = weights.get(parameter);
    if (rows === undefined) values?.fill(1);
    for (const row of rows ?? []) values?.fill(1, row * width, (row + 1) * width);
  }
  return [...packParameters(layout, weights, "test").entries()].filter(([, value]) => value === 1).map(([i]) => i);
}

const indices = (first: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => first + i);

describe("laws of the trainable set", () => {
  test.prop([someParameters])("the runs are exactly the named elements, ascending and without overlap", (spec) => {
    const { runs } = resolve(spec);
    expect(runs.flatMap(({ offset, count }) => indices(offset, count))).toEqual(namedElements(spec));
  });

  test.prop([someParameters])(
    "their places in the gradient ascend from 0 by multiples of 16, without overlap",
    (spec) => {
      const { runs, gradientLength } = resolve(spec);
      let end = 0;
      for (const { gradientOffset, count } of runs) {
        expect(gradientOffset % 16).toBe(0);
        expect(gradientOffset).toBe(Math.ceil(end / 16) * 16);
        end = gradientOffset + count;
      }
      expect(gradientLength).toBe(Math.ceil(end / 16) * 16);
    },
  );

  test.prop([someParameters])("the order in which parameters are named does not matter", (spec) => {
    expect(resolve(spec.toReversed())).toEqual(resolve(spec));
  });

  test.prop([someParameters])("weight decay is what is asked, else that of whole matrices alone", (spec) => {
    for (const { parameter, decay } of resolve(spec).runs) {
      const item = spec.find((candidate) => candidate.parameter === parameter);
      const matrix = layout.entries.get(parameter)?.kind === "matrix";
      expect(decay, parameter).toBe(item?.decay ?? (matrix && item?.rows === undefined));
    }
  });

  test.prop([someParameters])(
    "optimizer calls update every trained element once, with its own gradient, and else only padding",
    (spec) => {
      const layoutOf = resolve(spec);
      const updates = new Map<number, readonly [gradient: number, decay: boolean]>();
      for (const { offset, count, gradientOffset, decay } of optimizerSegments(layoutOf)) {
        for (let i = 0; i < count; i++) {
          expect(updates.has(offset + i)).toBe(false);
          updates.set(offset + i, [gradientOffset + i, decay]);
        }
      }
      for (const { offset, count, gradientOffset, decay } of layoutOf.runs) {
        for (let i = 0; i < count; i++) {
          expect(updates.get(offset + i)).toEqual([gradientOffset + i, decay]);
          updates.delete(offset + i);
        }
      }
      const occupied = new Set([...layout.entries.values()].flatMap(({ offset, count }) => indices(offset, count)));
      for (const rest of updates.keys()) expect(occupied.has(rest), `element ${rest}`).toBe(false);
    },
  );

  test.each([
    [[{ parameter: "embed.W" }], /"embed\.W".*embed\.W_E/],
    [[{ parameter: "embed.W_E" }, { parameter: "embed.W_E" }], /"embed\.W_E" is named twice/],
    [[{ parameter: "embed.W_E", rows: [0, 5] }], /row 5 of "embed\.W_E".*0 to 4/],
    [[{ parameter: "embed.W_E", rows: [0.5] }], /row 0\.5/],
  ])("a refusal says which: %j", (spec, message) => {
    expect(() => resolve(spec)).toThrow(message);
  });
});
