import { InvalidArgumentError } from "@semifactor/ghmm";
import { completeConfig, type TransformerConfig } from "../../model/config.ts";
import type { LoraAdapter } from "../../model/lora-adapter.ts";
import { brief } from "./brief.ts";
import { isRecord } from "./is-record.ts";

/** Throws the error of a damaged checkpoint. */
export type Corrupt = (problem: string, cause?: Error) => never;

const isNumber = (value: unknown): boolean => typeof value === "number";
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isText = (value: unknown): boolean => typeof value === "string";
const isListOf = (test: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(test);

function isRotaryScaling(value: unknown): boolean {
  if (value === null) return true;
  if (!isRecord(value)) return false;
  const names =
    value.kind === "llama3" ? ["factor", "lowFrequencyFactor", "highFrequencyFactor", "originalContext"] : ["factor"];
  return Object.keys(value).length === names.length + 1 && names.every((name) => isNumber(value[name]));
}

/** What kind of value every entry of a configuration has; their range is checked with the configuration as a whole. */
const kinds = {
  nLayers: isNumber,
  dModel: isNumber,
  nHeads: isNumber,
  dHead: isNumber,
  nKeyValueHeads: isNumber,
  dMlp: isNumber,
  nCtx: isNumber,
  vocabularySize: isNumber,
  outputSize: isNumber,
  attentionOnly: isBoolean,
  activation: isText,
  gatedMlp: isBoolean,
  normalization: isText,
  postNormalization: isBoolean,
  positional: isText,
  rotaryBase: isNumber,
  rotaryDim: isNumber,
  rotaryInterleaved: isBoolean,
  rotaryScaling: isRotaryScaling,
  attentionScale: isNumber,
  attentionSoftCap: isNumber,
  attentionWindows: isListOf(isNumber),
  outputSoftCap: isNumber,
  embeddingScale: isNumber,
  biases: isListOf(isText),
  tiedUnembedding: isBoolean,
  layerNormEpsilon: isNumber,
  initKey: isListOf(isNumber),
  initScale: isNumber,
} as const satisfies Readonly<Record<keyof TransformerConfig, (value: unknown) => boolean>>;

/** The entries of a configuration in format version 1; the others had the values that are defaults now. */
const namesOfVersion1: readonly string[] = [
  "nLayers",
  "dModel",
  "nHeads",
  "dMlp",
  "nCtx",
  "vocabularySize",
  "outputSize",
  "activation",
  "normalization",
  "positional",
  "tiedUnembedding",
  "layerNormEpsilon",
  "initKey",
  "initScale",
];

/** The configuration of a checkpoint with `tensorCount` tensors, from its parsed JSON. */
export function readConfig(options: unknown, version: 1 | 2, tensorCount: number, corrupt: Corrupt): TransformerConfig {
  if (!isRecord(options)) return corrupt("its configuration is not an object");
  const expected = version === 1 ? namesOfVersion1 : Object.keys(kinds);
  for (const name of Object.keys(options)) {
    if (!expected.includes(name)) corrupt(`its configuration has the unknown entry ${brief(name)}`);
  }
  for (const [name, isKind] of Object.entries(kinds)) {
    if (!expected.includes(name)) continue;
    if (!Object.hasOwn(options, name)) corrupt(`its configuration lacks "${name}"`);
    if (!isKind(options[name])) corrupt(`its configuration has ${name} ${brief(options[name])}`);
  }
  const size = (name: string): number => {
    const value = options[name];
    return typeof value === "number" ? value : corrupt(`its configuration has ${name} ${brief(value)}`);
  };
  // A list of that many layers is made below.
  if (size("nLayers") > tensorCount) corrupt(`it has ${tensorCount} tensors for ${size("nLayers")} layers`);
  const sizes = {
    nLayers: size("nLayers"),
    dModel: size("dModel"),
    nHeads: size("nHeads"),
    nCtx: size("nCtx"),
    vocabularySize: size("vocabularySize"),
  };
  try {
    return completeConfig({ ...options, ...sizes }, "decodeCheckpoint");
  } catch (cause) {
    if (cause instanceof InvalidArgumentError) {
      return corrupt(`its configuration is inconsistent (${cause.problem})`, cause);
    }
    throw cause;
  }
}

function readAdapter(value: unknown, version: 1 | 2): LoraAdapter | undefined {
  if (!isRecord(value)) return undefined;
  const { target, rank, alpha } = value;
  const { name, rsLora, enabled } = version === 1 ? { name: "default", rsLora: false, enabled: true } : value;
  if (typeof name !== "string" || name === "" || typeof target !== "string") return undefined;
  if (typeof rank !== "number" || !Number.isSafeInteger(rank) || rank < 1) return undefined;
  if (typeof alpha !== "number" || !Number.isFinite(alpha)) return undefined;
  if (typeof rsLora !== "boolean" || typeof enabled !== "boolean") return undefined;
  return { name, target, rank, alpha, rsLora, enabled };
}

/** The adapters of a checkpoint, from their parsed JSON; `layers` are the weights that can have one. */
export function readAdapters(
  list: unknown,
  version: 1 | 2,
  layers: ReadonlySet<string>,
  corrupt: Corrupt,
): readonly LoraAdapter[] {
  if (!Array.isArray(list)) return corrupt("its list of adapters is not a list");
  const adapters = list.map((value) => {
    const adapter = readAdapter(value, version);
    if (adapter === undefined) return corrupt(`an adapter is ${brief(value)}`);
    if (!layers.has(adapter.target))
      corrupt(`an adapter is on ${brief(adapter.target)}, which the model does not have`);
    return adapter;
  });
  const places = new Set(adapters.map(({ name, target }) => JSON.stringify([name, target])));
  if (places.size < adapters.length) corrupt("a layer has two adapters of one name");
  return adapters;
}
