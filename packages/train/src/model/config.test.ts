import { createKey, InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { completeConfig } from "./config.ts";
import { createTransformer } from "./transformer.ts";

const sizes = { nLayers: 2, dModel: 8, nHeads: 2, nCtx: 5, vocabularySize: 7 };

describe("completeConfig", () => {
  test("the documented defaults", () => {
    expect(completeConfig(sizes)).toEqual({
      ...sizes,
      dHead: 4,
      nKeyValueHeads: 2,
      dMlp: 32,
      outputSize: 7,
      attentionOnly: false,
      activation: "gelu",
      gatedMlp: false,
      normalization: "pre-layer-norm",
      postNormalization: false,
      positional: "learned",
      rotaryBase: 10000,
      rotaryDim: 4,
      rotaryInterleaved: false,
      rotaryScaling: null,
      attentionScale: 0.5,
      attentionSoftCap: 0,
      attentionWindows: [0, 0],
      outputSoftCap: 0,
      embeddingScale: 1,
      biases: ["qkv", "attention-out", "mlp", "unembed", "norm"],
      tiedUnembedding: false,
      layerNormEpsilon: 1e-5,
      initKey: createKey(0),
      initScale: 0.8 / Math.sqrt(8),
    });
  });

  test("what is given is kept, and completing twice changes nothing", () => {
    const given = {
      ...sizes,
      dMlp: 3,
      outputSize: 2,
      activation: "relu",
      layerNormEpsilon: 0.1,
      initScale: 2,
    } as const;
    const config = completeConfig(given);
    expect(config).toMatchObject(given);
    expect(completeConfig(config)).toEqual(config);
  });

  test("no options at all are refused by name", () => {
    expect(() => createTransformer(undefined as unknown as typeof sizes)).toThrow(/options is undefined/);
  });

  test("a refusal names the function that was called", () => {
    expect(() => completeConfig({ ...sizes, dMlp: 0 }, "decodeCheckpoint")).toThrow(/^decodeCheckpoint.*dMlp is 0/);
  });
});

describe("refusals", () => {
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
    ["positional", "sinusoidal"],
    ["nKeyValueHeads", 3],
    ["dHead", 2.5],
    ["attentionOnly", 1],
    ["attentionWindows", [1]],
    ["attentionWindows", [1, -1]],
    ["attentionSoftCap", -1],
    ["outputSoftCap", Number.NaN],
    ["embeddingScale", 0],
    ["attentionScale", Number.POSITIVE_INFINITY],
    ["rotaryBase", -2],
    ["tiedUnembedding", "yes"],
    ["initKey", 3],
    ["nLayers", 1e9],
    ["nLayers", "2"],
    ["dModel", undefined],
    ["vocabularySize", 2 ** 31],
    ["attentionSoftCap", 1e-46],
    ["layerNormEpsilon", 1e-50],
    ["outputSoftCap", 1e39],
  ])("%s = %s is refused by name", (name, value) => {
    const options = { ...sizes, [name]: value };
    expect(() => createTransformer(options)).toThrow(InvalidArgumentError);
    expect(() => createTransformer(options)).toThrow(name === "nHeads" ? /nHeads 3/ : new RegExp(name));
  });

  test("a tied unembedding needs as many outputs as inputs", () => {
    expect(() => createTransformer({ ...sizes, outputSize: 3, tiedUnembedding: true })).toThrow(InvalidArgumentError);
  });
});

describe("options that belong together", () => {
  test.each<[string, object, RegExp]>([
    ["an odd number of rotated coordinates", { positional: "rotary", rotaryDim: 3 }, /rotaryDim is 3/],
    ["more rotated coordinates than a head has", { positional: "rotary", rotaryDim: 6 }, /rotaryDim is 6/],
    ["an unknown scaling", { rotaryScaling: { kind: "yarn", factor: 2 } }, /"yarn"/],
    ["a scaling by zero", { rotaryScaling: { kind: "linear", factor: 0 } }, /factor is 0/],
    [
      "norms after the layers of a model without norms",
      { normalization: "none", postNormalization: true },
      /postNormalization/,
    ],
    ["a linear scaling without its factor", { rotaryScaling: { kind: "linear" } }, /factor is undefined/],
    [
      "a scaling that lacks a number",
      { rotaryScaling: { kind: "llama3", factor: 2, lowFrequencyFactor: 1, highFrequencyFactor: 4 } },
      /originalContext is undefined/,
    ],
    [
      "a scaling of no frequencies",
      {
        rotaryScaling: {
          kind: "llama3",
          factor: 2,
          lowFrequencyFactor: 4,
          highFrequencyFactor: 4,
          originalContext: 32,
        },
      },
      /highFrequencyFactor is 4.*more than lowFrequencyFactor/s,
    ],
    ["a scaling by a text", { rotaryScaling: "linear" }, /kind is undefined/],
    ["rotary positions in heads of 1", { positional: "rotary", nHeads: 8 }, /heads of 1. Give heads of at least 2/],
    ["biases that are a text", { biases: "mlp" }, /biases is "mlp"/],
    ["biases that are no list", { biases: true }, /biases is true/],
    ["windows that are no list", { attentionWindows: "12" }, /attentionWindows is "12"/],
    ["an unknown bias group", { biases: ["value"] }, /"value"/],
  ])("%s are refused", (_, options, message) => {
    expect(() => completeConfig({ ...sizes, ...options } as typeof sizes)).toThrow(message);
  });

  test("biases are kept in canonical order, those of norms only with layer norms", () => {
    expect(completeConfig({ ...sizes, biases: ["mlp", "qkv"] }).biases).toEqual(["qkv", "mlp"]);
    expect(completeConfig({ ...sizes, biases: "none" }).biases).toEqual([]);
    expect(completeConfig({ ...sizes, normalization: "pre-rms-norm" }).biases).not.toContain("norm");
  });

  test("a width of heads of its own lifts the demand that nHeads divides dModel", () => {
    expect(completeConfig({ ...sizes, nHeads: 3, dHead: 4 }).attentionScale).toBe(0.5);
  });
});
