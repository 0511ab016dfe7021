import { createKey, InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { completeConfig } from "./config.ts";
import { createTransformer } from "./transformer.ts";

const sizes = { nLayers: 2, dModel: 8, nHeads: 2, nCtx: 5, vocabularySize: 7 };

describe("completeConfig", () => {
  test("the documented defaults", () => {
    expect(completeConfig(sizes)).toEqual({
      ...sizes,
      dMlp: 32,
      outputSize: 7,
      activation: "gelu",
      normalization: "pre-layer-norm",
      positional: "learned",
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
