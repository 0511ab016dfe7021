import { CorruptFileError, createKey, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { addLora } from "../lora/add-lora.ts";
import { createTransformer, type WeightArray } from "../model/transformer.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 2, nCtx: 3, vocabularySize: 3, initKey: createKey(5) });
const model = addLora(base, { target: "blocks.0.attn.W_Q", rank: 2, alpha: 3, key: createKey(1) });

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
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint()))).toEqual(checkpoint());
    expect(decodeCheckpoint(encodeCheckpoint({ model }))).toEqual({ model, metadata: "{}" });
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
    expect(() => decodeCheckpoint(withMetadata("version", "7"))).toThrow(/version 7.*version 1/);
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
    ["an unknown entry", "config", JSON.stringify({ ...model.config, rotary: true })],
    ["more layers than tensors", "config", JSON.stringify({ ...model.config, nLayers: 1e12 })],
    ["an adapter on no layer", "adapters", JSON.stringify([{ target: "x", rank: 1, alpha: 1 }])],
    ["an adapter without rank", "adapters", JSON.stringify([{ target: "unembed.W_U", alpha: 1 }])],
    ["two adapters on a layer", "adapters", JSON.stringify([...model.adapters, ...model.adapters])],
    ["fewer adapters than tensors", "adapters", "[]"],
    ["a step that is not a number", "step", "two"],
    ["a step that does not match the history", "step", "3"],
    ["metadata that is not JSON", "metadata", "nothing"],
  ])("%s is refused by name", (_, name, value) => {
    expect(() => decodeCheckpoint(withMetadata(name, value))).toThrow(CorruptFileError);
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
