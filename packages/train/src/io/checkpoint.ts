import { CorruptFileError, InvalidArgumentError, type Key, UnsupportedError } from "@semifactor/ghmm";
import type { TrainState } from "../loop/state.ts";
import { linearLayers, parameterSpecs } from "../model/parameters.ts";
import type { Transformer, WeightArray } from "../model/transformer.ts";
import { brief } from "./_internal/brief.ts";
import { checkBytes, checkGiven } from "./_internal/check-given.ts";
import { readAdapters, readConfig } from "./_internal/checkpoint-model.ts";
import { mayBeNonFinite, readFloats, readTrainState, stateVectors } from "./_internal/checkpoint-state.ts";
import { codeVersion } from "./_internal/code-version.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.ts";

/** Version of the layout below; version 1, of models without options of attention, norms, positions and named adapters, is read too. */
const formatVersion = 2;

/** A model, and where its training stood. */
export interface Checkpoint {
  readonly model: Transformer;
  /** What `train` resumes from; absent for a model alone. */
  readonly state?: TrainState;
  /** Key of the run, from which its batches are drawn. */
  readonly key?: Key;
  /** JSON text of the caller's own, `{}` by default. */
  readonly metadata?: string;
}

/** A checkpoint that has been read. */
export interface LoadedCheckpoint extends Checkpoint {
  readonly metadata: string;
  /** Version of this package that wrote the file; absent in files of format version 1. */
  readonly codeVersion?: string;
}

/**
 * Writes a checkpoint as the bytes of a safetensors file: the weights under TransformerLens' names, `optimizer.m`, `optimizer.v`, `history.loss`,
 * `history.gradientNorm`, `evaluations.step`, `evaluations.value`; configuration, adapters, step, key, versions of the format and of this package and the caller's
 * metadata in the header. Equal checkpoints give equal bytes. Replicas are models of their own, one file each.
 *
 * With a `state`, its weights are written, not those of `model`.
 *
 * @throws InvalidArgumentError if `metadata` is not JSON, a weight is missing or a value is not finite (such a file could not be read again)
 * @example
 * ```ts
 * import { createTransformer, decodeCheckpoint, encodeCheckpoint } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const bytes = encodeCheckpoint({ model, metadata: JSON.stringify({ seed: 1 }) });
 * expect(decodeCheckpoint(bytes).model).toEqual(model);
 * ```
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  checkGiven("encodeCheckpoint", { checkpoint });
  const { model, state, key, metadata = "{}" } = checkpoint;
  checkGiven("encodeCheckpoint", { model });
  checkGiven("encodeCheckpoint", { metadata }, "string");
  const reject = (problem: string, remedy: string): never => {
    throw new InvalidArgumentError({ source: "encodeCheckpoint", problem, remedy });
  };
  try {
    JSON.parse(metadata);
  } catch {
    reject(`metadata is ${JSON.stringify(metadata.slice(0, 60))}`, "Give JSON text, e.g. JSON.stringify({ seed: 1 })");
  }
  const { config, adapters } = model;
  const weights = state?.weights ?? model.weights;
  const tensors = new Map<string, Tensor>();
  for (const { name, shape } of parameterSpecs(config, adapters)) {
    const values = weights.get(name) ?? reject(`the weights of "${name}" are missing`, "Pass the whole model");
    tensors.set(name, { values, shape });
  }
  for (const [name, values] of state === undefined ? [] : stateVectors(state)) {
    tensors.set(name, { values, shape: [values.length] });
  }
  for (const [name, { values }] of tensors) {
    if (name === mayBeNonFinite) continue;
    const index = values.findIndex((value) => !Number.isFinite(value));
    if (index >= 0) reject(`"${name}" has the value ${values[index]}`, "Save a state from before the run diverged");
  }
  return encodeSafetensors({
    tensors,
    metadata: new Map([
      ["format", "semifactor-checkpoint"],
      ["version", String(formatVersion)],
      ["codeVersion", codeVersion],
      ["config", JSON.stringify(config)],
      ["adapters", JSON.stringify(adapters)],
      ["step", state === undefined ? "" : String(state.step)],
      ["key", key === undefined ? "" : JSON.stringify(key)],
      ["metadata", metadata],
    ]),
  });
}

function corrupt(problem: string, cause?: Error): never {
  const remedy = "The file is damaged: delete it, or restore it from a copy";
  throw new CorruptFileError({ source: "decodeCheckpoint", problem, remedy }, cause && { cause });
}

function parse(what: string, text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return corrupt(`its ${what} is not JSON`);
  }
}

function readVersion(text: string | undefined): 1 | 2 {
  if (text === "1") return 1;
  if (text === "2") return 2;
  throw new UnsupportedError({
    source: "decodeCheckpoint",
    problem: `the checkpoint has format version ${brief(text)}, this library reads versions 1 and ${formatVersion}`,
    remedy: "Read it with the version of the library that wrote it, or train again",
  });
}

/** Key of the run; undefined where the file has none. */
function readKey(text: string | undefined): Key | undefined {
  if (text === undefined || text === "") return undefined;
  const words = parse("key", text);
  if (!Array.isArray(words) || words.length !== 2) return corrupt(`its key is ${brief(words)}`);
  const [high, low]: readonly unknown[] = words;
  const isWord = (word: unknown): word is number => typeof word === "number" && word === word >>> 0;
  return isWord(high) && isWord(low) ? [high, low] : corrupt(`its key is ${brief(words)}`);
}

/**
 * Reads what {@link encodeCheckpoint} wrote, also in format version 1: options that did not exist then take their defaults, and its adapters the name `default`.
 *
 * @throws CorruptFileError if the file is truncated, damaged or not a checkpoint, or a value is not finite
 * @throws UnsupportedError if the file has another format version; the message names both
 * @example
 * ```ts
 * import { CorruptFileError } from "@semifactor/ghmm";
 * import { createTransformer, decodeCheckpoint, encodeCheckpoint } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const bytes = encodeCheckpoint({ model });
 * expect(() => decodeCheckpoint(bytes.subarray(0, bytes.length - 1))).toThrow(CorruptFileError);
 * ```
 */
export function decodeCheckpoint(bytes: Uint8Array): LoadedCheckpoint {
  checkBytes("decodeCheckpoint", bytes);
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.get("format") !== "semifactor-checkpoint") {
    // Most likely sound, and of another kind: nobody should delete it.
    throw new CorruptFileError({
      source: "decodeCheckpoint",
      problem: "the file is not a semifactor checkpoint",
      remedy:
        "Give a file of saveCheckpoint or encodeCheckpoint; published models are read by loadPretrained, adapters by loadPeftAdapter",
    });
  }
  const version = readVersion(metadata.get("version"));
  const own = metadata.get("metadata") ?? "";
  parse("metadata", own);
  const config = readConfig(parse("configuration", metadata.get("config")), version, tensors.size, corrupt);
  const layers = new Set<string>(linearLayers(config).map(({ weight }) => weight));
  const adapters = readAdapters(parse("list of adapters", metadata.get("adapters")), version, layers, corrupt);
  const weights = new Map<string, WeightArray>();
  for (const { name, shape } of parameterSpecs(config, adapters)) {
    if (weights.has(name)) corrupt(`two of its parameters are called "${name}"`);
    weights.set(name, readFloats(tensors, name, shape, corrupt));
  }
  const state = readTrainState(tensors, metadata.get("step"), weights, corrupt);
  const known = weights.size + (state === undefined ? 0 : stateVectors(state).length);
  if (tensors.size > known) corrupt(`it has ${tensors.size} tensors where such a model and its state have ${known}`);
  const key = readKey(metadata.get("key"));
  const writer = metadata.get("codeVersion");
  return {
    model: { config, adapters, weights },
    metadata: own,
    ...(state === undefined ? {} : { state }),
    ...(key === undefined ? {} : { key }),
    ...(writer === undefined ? {} : { codeVersion: writer }),
  };
}
