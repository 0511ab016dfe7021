import { CorruptFileError, InvalidArgumentError, type SemifactorError, UnsupportedError } from "@semifactor/ghmm";
import type { TrainState } from "../loop/state.ts";
import { completeConfig } from "../model/config.ts";
import { type LoraAdapter, linearLayers, parameterSpecs } from "../model/parameters.ts";
import type { Transformer, WeightArray } from "../model/transformer.ts";
import { brief } from "./_internal/brief.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.ts";

/** Version of the layout below; a file of another version is refused. */
const formatVersion = 1;

const optimizerPrefix = "optimizer.";
const historyPrefix = "history.";

/** A model, and where its training stood. */
export interface Checkpoint {
  readonly model: Transformer;
  /** What `train` resumes from; absent for a model alone. */
  readonly state?: TrainState;
  /** JSON text of the caller's own, `{}` by default. */
  readonly metadata?: string;
}

/** A checkpoint that has been read. */
export interface LoadedCheckpoint extends Checkpoint {
  readonly metadata: string;
}

/**
 * Writes a checkpoint as the bytes of a safetensors file: the weights under TransformerLens' names, `optimizer.m`, `optimizer.v`, `history.loss`,
 * `history.gradientNorm`; configuration, adapters, step, format version and the caller's metadata in the header. Equal checkpoints give equal bytes.
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
export function encodeCheckpoint({ model, state, metadata = "{}" }: Checkpoint): Uint8Array {
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
  const vectors: readonly (readonly [string, WeightArray])[] =
    state === undefined
      ? []
      : [
          [`${optimizerPrefix}m`, state.optimizer.m],
          [`${optimizerPrefix}v`, state.optimizer.v],
          [`${historyPrefix}loss`, state.history.loss],
          [`${historyPrefix}gradientNorm`, state.history.gradientNorm],
        ];
  for (const [name, values] of vectors) tensors.set(name, { values, shape: [values.length] });
  for (const [name, { values }] of tensors) {
    const index = values.findIndex((value) => !Number.isFinite(value));
    if (index >= 0) reject(`"${name}" has the value ${values[index]}`, "Save a state from before the run diverged");
  }
  return encodeSafetensors({
    tensors,
    metadata: new Map([
      ["format", "semifactor-checkpoint"],
      ["version", String(formatVersion)],
      ["config", JSON.stringify(config)],
      ["adapters", JSON.stringify(adapters)],
      ["step", state === undefined ? "" : String(state.step)],
      ["metadata", metadata],
    ]),
  });
}

function corrupt(problem: string, cause?: SemifactorError): never {
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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAdapter(value: unknown): value is LoraAdapter {
  return (
    isRecord(value) &&
    typeof value.target === "string" &&
    Number.isInteger(value.rank) &&
    Number(value.rank) > 0 &&
    Number.isFinite(value.alpha)
  );
}

function floats(tensors: ReadonlyMap<string, Tensor>, name: string, shape?: readonly number[]): WeightArray {
  const tensor = tensors.get(name) ?? corrupt(`"${name}" is missing`);
  const { values } = tensor;
  if (!(values instanceof Float32Array || values instanceof Float64Array))
    return corrupt(`"${name}" is not F32 or F64`);
  const expected = shape ?? [values.length];
  if (tensor.shape.join() !== expected.join()) {
    corrupt(`"${name}" has shape [${tensor.shape.join(", ")}], not [${expected.join(", ")}]`);
  }
  return values.every(Number.isFinite) ? values : corrupt(`"${name}" has a value that is not finite`);
}

/** The part of the file that `train` resumes from; undefined where it holds a model alone. */
function readState(
  tensors: ReadonlyMap<string, Tensor>,
  text: string | undefined,
  weights: ReadonlyMap<string, WeightArray>,
): TrainState | undefined {
  if (text === "") return undefined;
  const step = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : corrupt(`its step is ${text}`);
  const m = floats(tensors, `${optimizerPrefix}m`);
  const v = floats(tensors, `${optimizerPrefix}v`, [m.length]);
  const history = (name: string): Float64Array => Float64Array.from(floats(tensors, `${historyPrefix}${name}`, [step]));
  return {
    step,
    weights,
    optimizer: { m, v },
    history: { loss: history("loss"), gradientNorm: history("gradientNorm") },
  };
}

/**
 * Reads what {@link encodeCheckpoint} wrote.
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
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.get("format") !== "semifactor-checkpoint") corrupt("the file is not a semifactor checkpoint");
  const version = metadata.get("version");
  if (version !== String(formatVersion)) {
    throw new UnsupportedError({
      source: "decodeCheckpoint",
      problem: `the checkpoint has format version ${version}, this library reads version ${formatVersion}`,
      remedy: "Read it with the version of the library that wrote it, or train again",
    });
  }
  const options = parse("configuration", metadata.get("config"));
  const adapters = parse("list of adapters", metadata.get("adapters"));
  if (!isRecord(options)) return corrupt("its configuration is not an object");
  if (!Array.isArray(adapters) || !adapters.every(isAdapter)) return corrupt("its list of adapters is damaged");
  const size = (name: string): number => {
    const value = options[name];
    return typeof value === "number" ? value : corrupt(`its configuration has ${name} ${brief(value)}`);
  };
  const own = metadata.get("metadata");
  parse("metadata", own);
  const config = (() => {
    try {
      return completeConfig(
        {
          ...options,
          nLayers: size("nLayers"),
          dModel: size("dModel"),
          nHeads: size("nHeads"),
          nCtx: size("nCtx"),
          vocabularySize: size("vocabularySize"),
        },
        "decodeCheckpoint",
      );
    } catch (cause) {
      if (cause instanceof InvalidArgumentError)
        return corrupt(`its configuration is inconsistent (${cause.problem})`, cause);
      throw cause;
    }
  })();
  for (const name of new Set([...Object.keys(config), ...Object.keys(options)])) {
    if (!(Object.hasOwn(config, name) && Object.hasOwn(options, name)))
      corrupt(`its configuration ${Object.hasOwn(config, name) ? "lacks" : "has the unknown entry"} ${brief(name)}`);
  }
  if (config.nLayers > tensors.size) corrupt(`it has ${tensors.size} tensors for ${config.nLayers} layers`);
  const layers = new Set(linearLayers(config).map(({ weight }) => weight));
  if (adapters.some(({ target }) => !layers.has(target)))
    corrupt("an adapter is on a layer that the model does not have");
  if (new Set(adapters.map(({ target }) => target)).size < adapters.length) corrupt("a layer has two adapters");
  const weights = new Map<string, WeightArray>();
  for (const { name, shape } of parameterSpecs(config, adapters)) weights.set(name, floats(tensors, name, shape));
  const state = readState(tensors, metadata.get("step"), weights);
  const known = weights.size + (state === undefined ? 0 : 4);
  if (tensors.size > known) corrupt(`it has ${tensors.size} tensors where such a model and its state have ${known}`);
  const model: Transformer = { config, adapters, weights };
  return { model, metadata: own ?? "{}", ...(state === undefined ? {} : { state }) };
}
