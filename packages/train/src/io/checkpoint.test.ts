import { CorruptFileError, createKey, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTransformer, type WeightArray } from "../model/transformer.ts";
import { codeVersion } from "./_internal/code-version.ts";
import { damagedBytes } from "./_testing/damaged-bytes.ts";
import { withRandomAdapter } from "./_testing/random-adapter.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 2, nCtx: 3, vocabularySize: 3, initKey: createKey(5) });
const model = withRandomAdapter(base, { target: "blocks.0.attn.W_Q" });

function checkpoint(): Checkpoint {
  const weights = new Map<string, WeightArray>(model.weights);
  weights.set("unembed.b_U", Float64Array.of(0.1, 0.2, 0.3));
  const state = {
    step: 2,
    weights,
    optimizer: { m: Float32Array.of(1, 2), v: Float32Array.of(3, 4) },
    history: { loss: Float64Array.of(0.7, 0.6), gradientNorm: Float64Array.of(1, 0.5) },
  };
  return { model: { ...model, weights }, state, metadata: JSON.stringify({ curve: [1, 2] }) };
}

/** The file with one metadata entry replaced. */
function withMetadata(name: string, value: string): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint()));
  return encodeSafetensors({ tensors, metadata: new Map([...metadata, [name, value]]) });
}

describe("checkpoint bytes", () => {
  test("decoding inverts encoding, in the precision of every array", () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint()))).toEqual({ ...checkpoint(), codeVersion });
    expect(decodeCheckpoint(encodeCheckpoint({ model }))).toEqual({ model, metadata: "{}", codeVersion });
  });

  test("the key of the run, evaluations (also those that gave NaN) and a state without second moments are kept", () => {
    const { state } = checkpoint();
    if (state === undefined) throw new Error("no state");
    const evaluations = [
      { step: 1, value: 0.5 },
      { step: 2, value: Number.NaN },
    ];
    const optimizer = { m: Float32Array.of(1, 2), v: new Float32Array(0) };
    const whole = { ...checkpoint(), state: { ...state, evaluations, optimizer }, key: createKey(9) };
    expect(decodeCheckpoint(encodeCheckpoint(whole))).toEqual({ ...whole, codeVersion });
  });

  test("every option of a model and several adapters on a layer are kept", () => {
    const options = { nLayers: 2, dModel: 8, nHeads: 4, nCtx: 3, vocabularySize: 3, dHead: 6, nKeyValueHeads: 2 };
    const positions = {
      positional: "rotary",
      rotaryDim: 4,
      rotaryInterleaved: true,
      attentionWindows: [2, 0],
    } as const;
    const scaling = { kind: "llama3", factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 16 };
    const rest = {
      gatedMlp: true,
      activation: "silu",
      normalization: "pre-rms-norm",
      postNormalization: true,
    } as const;
    for (const rotaryScaling of [
      null,
      { kind: "linear", factor: 2 } as const,
      { ...scaling, kind: "llama3" as const },
    ]) {
      const plain = createTransformer({ ...options, ...positions, ...rest, rotaryScaling, biases: ["qkv"] });
      const one = withRandomAdapter(plain, { target: "blocks.1.mlp.W_gate", rsLora: true });
      const two = withRandomAdapter(one, { target: "blocks.1.mlp.W_gate", name: "second", rank: 1, enabled: false });
      expect(decodeCheckpoint(encodeCheckpoint({ model: two })).model).toEqual(two);
    }
  });

  test("a file of format version 1 is read with the defaults of today, its adapters enabled and called default", () => {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint()));
    const config = {
      nLayers: 1,
      dModel: 4,
      nHeads: 2,
      dMlp: 16,
      nCtx: 3,
      vocabularySize: 3,
      outputSize: 3,
      activation: "gelu",
      normalization: "pre-layer-norm",
      positional: "learned",
      tiedUnembedding: false,
      layerNormEpsilon: 1e-5,
      initKey: createKey(5),
      initScale: 0.4,
    };
    const old = (options: object) =>
      encodeSafetensors({
        tensors,
        metadata: new Map([
          ["format", "semifactor-checkpoint"],
          ["version", "1"],
          ["config", JSON.stringify(options)],
          ["adapters", JSON.stringify([{ target: "blocks.0.attn.W_Q", rank: 2, alpha: 3 }])],
          ["step", "2"],
          ["metadata", metadata.get("metadata") ?? ""],
        ]),
      });
    expect(decodeCheckpoint(old(config))).toEqual(checkpoint());
    expect(() => decodeCheckpoint(old({ ...config, gatedMlp: false }))).toThrow(/unknown entry "gatedMlp"/);
    expect(() => decodeCheckpoint(old({ ...config, dMlp: undefined }))).toThrow(/lacks "dMlp"/);
    expect(() => decodeCheckpoint(old({ ...config, nLayers: 1e15 }))).toThrow(CorruptFileError);
  });

  test("equal checkpoints have equal bytes", () => {
    expect(encodeCheckpoint(checkpoint())).toEqual(encodeCheckpoint(checkpoint()));
  });

  test("weights have TransformerLens' names and shapes", () => {
    const { tensors } = decodeSafetensors(encodeCheckpoint({ model: base }));
    expect(tensors.get("blocks.0.attn.W_Q")?.shape).toEqual([2, 4, 2]);
    expect(tensors.get("unembed.W_U")?.shape).toEqual([4, 3]);
  });

  test("another format version is refused with both versions in the message", () => {
    expect(() => decodeCheckpoint(withMetadata("version", "7"))).toThrow(UnsupportedError);
    expect(() => decodeCheckpoint(withMetadata("version", "7"))).toThrow(/version "7".*versions 1 and 2/);
  });

  test("a sound file of another kind is not called damaged: nobody should delete a model for that", () => {
    const other = encodeSafetensors({ metadata: new Map([["format", "pt"]]), tensors: new Map() });
    expect(() => decodeCheckpoint(other)).toThrow(CorruptFileError);
    expect(() => decodeCheckpoint(other)).toThrow(/not a semifactor checkpoint.*read by loadPretrained/);
    expect(() => decodeCheckpoint(other)).not.toThrow(/damaged|delete/);
  });

  test.each([
    ["another kind of file", "format", "pt"],
    ["a configuration that is not JSON", "config", "{"],
    ["a configuration that is not an object", "config", "[]"],
    ["a configuration without sizes", "config", "{}"],
    ["an inconsistent configuration", "config", JSON.stringify({ ...model.config, nHeads: 3 })],
    ["a key that is not a key", "config", JSON.stringify({ ...model.config, initKey: "x" })],
    ["a configuration of another shape", "config", JSON.stringify({ ...model.config, dMlp: 5 })],
    ["a key of words that are not integers", "config", JSON.stringify({ ...model.config, initKey: [0, 0.5] })],
    ["a configuration without an entry", "config", JSON.stringify({ ...model.config, layerNormEpsilon: undefined })],
    ["an unknown entry", "config", JSON.stringify({ ...model.config, alibi: true })],
    ["more layers than tensors", "config", JSON.stringify({ ...model.config, nLayers: 1e12 })],
    ["windows that are no list", "config", JSON.stringify({ ...model.config, attentionWindows: "0" })],
    ["biases that are no list", "config", JSON.stringify({ ...model.config, biases: 3 })],
    ["an unknown group of biases", "config", JSON.stringify({ ...model.config, biases: ["all"] })],
    ["a rotary scaling that is no object", "config", JSON.stringify({ ...model.config, rotaryScaling: 2 })],
    [
      "a rotary scaling without factor",
      "config",
      JSON.stringify({ ...model.config, rotaryScaling: { kind: "linear" } }),
    ],
    ["text in place of a truth value", "config", JSON.stringify({ ...model.config, gatedMlp: "yes" })],
    ["an adapter on no layer", "adapters", JSON.stringify([{ ...model.adapters[0], target: "x" }])],
    ["an adapter without rank", "adapters", JSON.stringify([{ ...model.adapters[0], rank: undefined }])],
    ["an adapter without name", "adapters", JSON.stringify([{ ...model.adapters[0], name: "" }])],
    ["an adapter that says nothing of its scaling", "adapters", JSON.stringify([{ ...model.adapters[0], rsLora: 1 }])],
    ["an adapter that is no object", "adapters", "[null]"],
    ["a key that is not two words", "key", "[1]"],
    ["a key that is not of integers", "key", "[0,0.5]"],
    ["two adapters on a layer", "adapters", JSON.stringify([...model.adapters, ...model.adapters])],
    ["fewer adapters than tensors", "adapters", "[]"],
    ["a step that is not a number", "step", "two"],
    ["a step that does not match the history", "step", "3"],
    ["metadata that is not JSON", "metadata", "nothing"],
  ])("%s is refused by name", (_, name, value) => {
    expect(() => decodeCheckpoint(withMetadata(name, value))).toThrow(CorruptFileError);
  });

  test("random damage is refused by name or leaves a readable checkpoint, and never anything else", () => {
    fc.assert(
      fc.property(damagedBytes(encodeCheckpoint({ ...checkpoint(), key: createKey(2) })), (damaged) => {
        try {
          decodeCheckpoint(damaged);
        } catch (error) {
          expect(error instanceof CorruptFileError || error instanceof UnsupportedError).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("any JSON in place of an entry of the configuration is refused by name, or is a configuration", () => {
    const names = fc.constantFrom(...Object.keys(model.config));
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, value) => {
        const config = JSON.stringify({ ...model.config, [name]: value });
        try {
          decodeCheckpoint(withMetadata("config", config));
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptFileError);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("missing, integer and non-finite weights are refused by name", () => {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint({ model: base }));
    const change = (values?: Float32Array | Int32Array): Uint8Array => {
      const changed = new Map(tensors);
      if (values === undefined) changed.delete("unembed.b_U");
      else changed.set("unembed.b_U", { values, shape: [3] });
      return encodeSafetensors({ tensors: changed, metadata });
    };
    expect(() => decodeCheckpoint(change(Float32Array.of(1, 2, 3)))).not.toThrow();
    expect(() => decodeCheckpoint(change())).toThrow(CorruptFileError);
    expect(() => decodeCheckpoint(change(Int32Array.of(1, 2, 3)))).toThrow(CorruptFileError);
    expect(() => decodeCheckpoint(change(Float32Array.of(1, Number.NaN, 3)))).toThrow(CorruptFileError);
  });

  test("metadata that is not JSON and values that are not finite are not written", () => {
    expect(() => encodeCheckpoint({ model, metadata: "{" })).toThrow(InvalidArgumentError);
    const { state } = checkpoint();
    if (state === undefined) throw new Error("no state");
    const weights = new Map(model.weights).set("unembed.b_U", Float32Array.of(0, Number.NaN, 0));
    const optimizer = { ...state.optimizer, v: Float32Array.of(1, Number.POSITIVE_INFINITY) };
    expect(() => encodeCheckpoint({ model: { ...model, weights } })).toThrow(/"unembed\.b_U" has the value NaN/);
    expect(() => encodeCheckpoint({ model, state: { ...state, optimizer } })).toThrow(/"optimizer\.v".*Infinity/);
  });
});

describe("callers without types", () => {
  test.each<[string, () => unknown]>([
    ["encodeCheckpoint: checkpoint is undefined", () => encodeCheckpoint(undefined as never)],
    ["encodeCheckpoint: model is undefined", () => encodeCheckpoint({} as never)],
    ["encodeCheckpoint: metadata is {}", () => encodeCheckpoint({ model, metadata: {} as never })],
    ["decodeCheckpoint: the bytes are undefined", () => decodeCheckpoint(undefined as never)],
  ])("%s", (message, call) => {
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow(message);
  });
});
