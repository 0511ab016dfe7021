import { CorruptFileError, InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { completeConfig } from "../../model/config.ts";
import { parameterSpecs } from "../../model/parameters.ts";
import type { Transformer, WeightArray } from "../../model/transformer.ts";
import { checkGiven } from "../_internal/check-given.ts";
import type { TensorSource } from "../tensor-source.ts";
import { readPublishedConfig } from "./published-config.ts";
import { gatherPart, isBuffer, modelPrefix, publishedTensors } from "./published-tensors.ts";

/** Options of {@link fromPretrained}. */
export interface PretrainedOptions {
  /** The parsed `config.json`. */
  readonly config: unknown;
  /** The weights: `openSafetensors` of one file, or `openShardedSafetensors` of several. */
  readonly tensors: TensorSource;
  /** A shorter context than the published one, for smaller plans. */
  readonly nCtx?: number;
}

const source = "fromPretrained";
const remedy = "Check that config.json and the weights belong together";

/** The first few names of a list, and how many there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

/** The floats of a tensor. */
async function readFloats(tensors: TensorSource, name: string): Promise<WeightArray> {
  const { values, dtype } = await tensors.read(name);
  const corrupt = (problem: string): never => {
    throw new CorruptFileError({ source, problem, remedy: "Restore the file from a copy" });
  };
  if (dtype === "I64" || !(values instanceof Float32Array || values instanceof Float64Array)) {
    return corrupt(`"${name}" has integers`);
  }
  return values.every(Number.isFinite) ? values : corrupt(`"${name}" has a value that is not finite`);
}

/**
 * Makes a model of published weights: GPT-2, Llama (with the rotary scaling of Llama 3), Qwen2 and Gemma 2 in the names and shapes of Hugging Face transformers.
 *
 * Linear weights [out, in] become TransformerLens' `W_Q` [heads, dModel, dHead], `W_in` [dModel, dMlp], ...; GPT-2's fused `c_attn` is split; Gemma's gains, which are
 * stored minus 1, get their 1; where there is no `lm_head` the unembedding is the embedding. Half floats become float32, exactly. Tensors are read one at a time.
 *
 * @throws UnsupportedError if the architecture, or an option of it that changes what is computed, is not built
 * @throws CorruptFileError if tensors are missing or unknown, with their names, or a value is not finite
 * @throws ShapeError if tensors do not have the shapes of the configuration, with their names
 * @throws InvalidArgumentError if `nCtx` is longer than the published context or the configuration contradicts itself
 * @example
 * ```ts
 * import { UnsupportedError } from "@semifactor/ghmm";
 * import { encodeSafetensors, fromPretrained, openSafetensors } from "@semifactor/train";
 *
 * const tensors = await openSafetensors(encodeSafetensors({ tensors: new Map(), metadata: new Map() }));
 * await expect(fromPretrained({ config: { model_type: "mamba" }, tensors })).rejects.toThrow(UnsupportedError);
 * ```
 */
export async function fromPretrained(options: PretrainedOptions): Promise<Transformer> {
  checkGiven(source, { options });
  const { config, tensors, nCtx } = options;
  checkGiven(source, { config, tensors });
  if (nCtx !== undefined && !(Number.isSafeInteger(nCtx) && nCtx >= 1)) {
    throw new InvalidArgumentError({ source, problem: `nCtx is ${nCtx}`, remedy: "Give a positive integer" });
  }
  const present = tensors.tensors;
  const published = readPublishedConfig(config, { nCtx, largestDepth: present.size });
  const { family, positions } = published;
  const tiedUnembedding = published.tied ?? !present.has("lm_head.weight");
  const completed = completeConfig({ ...published.options, tiedUnembedding }, source);
  const hasPrefix = [...present.keys()].some((name) => name.startsWith(modelPrefix(family)));
  const prefix = hasPrefix ? modelPrefix(family) : "";

  const expected = publishedTensors(family, completed, positions).map((tensor) => ({
    ...tensor,
    name: tensor.inModel ? `${prefix}${tensor.name}` : tensor.name,
  }));
  const names = new Set(expected.map(({ name }) => name));
  const missing = expected.filter(({ name }) => !present.has(name)).map(({ name }) => name);
  const unknown = [...present.keys()].filter((name) => {
    const inner = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    return !names.has(name) && !isBuffer(inner) && !(tiedUnembedding && name === "lm_head.weight");
  });
  const problems = [
    ...(missing.length > 0 ? [`missing: ${listed(missing)}`] : []),
    ...(unknown.length > 0 ? [`unknown: ${listed(unknown)}`] : []),
  ];
  if (problems.length > 0) {
    throw new CorruptFileError({ source, problem: `tensors of ${family} are ${problems.join("; ")}`, remedy });
  }
  const misshapen = expected.flatMap(({ name, shape }) => {
    const given = present.get(name)?.shape ?? [];
    return given.join() === shape.join() ? [] : [`${name} [${given.join(", ")}], not [${shape.join(", ")}]`];
  });
  if (misshapen.length > 0) throw new ShapeError({ source, problem: listed(misshapen), remedy });

  const made = new Map<string, WeightArray>();
  for (const { name, parts } of expected) {
    const values = await readFloats(tensors, name);
    for (const part of parts) made.set(part.target, gatherPart(values, part));
  }
  if (tiedUnembedding && present.has("lm_head.weight")) {
    const embedding = made.get("embed.W_E");
    const head = await readFloats(tensors, "lm_head.weight");
    if (head.length !== embedding?.length || head.some((value, i) => value !== embedding[i])) {
      const problem = "lm_head.weight differs from the embedding to which config.json ties it";
      throw new CorruptFileError({ source, problem, remedy });
    }
  }
  // In canonical order.
  const weights = new Map<string, WeightArray>();
  for (const { name } of parameterSpecs(completed, [])) {
    const values = made.get(name);
    if (values !== undefined) weights.set(name, values);
  }
  return { config: completed, adapters: [], weights };
}
