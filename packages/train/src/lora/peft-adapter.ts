import { CorruptFileError, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { brief } from "../io/_internal/brief.ts";
import { checkBytes, checkGiven } from "../io/_internal/check-given.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../io/safetensors.ts";
import { type LoraAdapter, loraParameterNames, loraScaling } from "../model/lora-adapter.ts";
import type { Transformer, WeightArray } from "../model/transformer.ts";
import { readPeftConfig, writePeftConfig } from "./peft-config.ts";
import { alphaOf, type FusedPlace, fuseUpdates, type LowRankUpdate, splitUpdate } from "./peft-fused.ts";
import { type PeftModule, type PeftModuleNames, peftModuleNames, peftModules } from "./peft-modules.ts";

/** The two files of an adapter in PEFT's layout. */
export interface PeftAdapterFiles {
  /** Text of `adapter_config.json`. */
  readonly config: string;
  /** Bytes of `adapter_model.safetensors`. */
  readonly tensors: Uint8Array;
}

/** Options of {@link encodePeftAdapter}. */
export interface EncodePeftOptions {
  /** Name of the adapter that is written; the only one by default. */
  readonly name?: string;
  /** Names of the modules; by default those of the published architecture that the model has, and `blocks` where it has none. */
  readonly modules?: PeftModuleNames;
  /** Where PEFT finds the base model, e.g. `openai-community/gpt2`. */
  readonly baseModel?: string;
}

/** Options of {@link decodePeftAdapter}. */
export interface DecodePeftOptions {
  /** Name that the adapter gets, `default` by default; files have none. */
  readonly name?: string;
  /** Names of the modules, as for {@link encodePeftAdapter}. */
  readonly modules?: PeftModuleNames;
}

const prefix = "base_model.model.";

/** m [rows, columns] transposed, as float32 unless it was float64. */
function transposed(m: WeightArray, rows: number, columns: number): WeightArray {
  const result = m instanceof Float32Array ? new Float32Array(m.length) : new Float64Array(m.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = m[i * columns + j] ?? Number.NaN;
  }
  return result;
}

/** Where the layers of a module write, and the width of them all. */
function placesOf({ layers }: PeftModule): {
  readonly places: readonly FusedPlace[];
  readonly nIn: number;
  readonly nOut: number;
} {
  let nOut = 0;
  const places = layers.map((layer) => {
    const offset = nOut;
    nOut += layer.nOut;
    return { offset, nOut: layer.nOut };
  });
  return { places, nIn: layers[0]?.nIn ?? 0, nOut };
}

/** The adapter of this name on a module, its layers together; undefined where none of them has one. */
function updateOf(model: Transformer, name: string, module: PeftModule): LowRankUpdate | undefined {
  const { places, nIn, nOut } = placesOf(module);
  const parts = module.layers.flatMap(({ weight }, i) => {
    const adapter = model.adapters.find((one) => one.name === name && one.target === weight);
    const place = places[i];
    if (adapter === undefined || place === undefined) return [];
    const names = loraParameterNames(adapter);
    const [a, b] = [model.weights.get(names.a), model.weights.get(names.b)];
    if (a === undefined || b === undefined) {
      const problem = `the weights of the adapter "${name}" of "${weight}" are missing`;
      throw new InvalidArgumentError({ source: "encodePeftAdapter", problem, remedy: "Pass the whole model" });
    }
    const { rank, alpha, rsLora } = adapter;
    return [{ rank, alpha, rsLora, a, b, ...place }];
  });
  const [only] = parts;
  if (only === undefined) return undefined;
  return module.layers.length === 1 ? only : fuseUpdates(parts, { nIn, nOut });
}

/** The name of the adapter to write. */
function chosenName({ adapters }: Transformer, name: string | undefined): string {
  const names = [...new Set(adapters.map((adapter) => adapter.name))];
  const [only] = names;
  if (name === undefined && names.length === 1 && only !== undefined) return only;
  if (name !== undefined && names.includes(name)) return name;
  const asked = name === undefined ? "no name is given" : `there is no adapter ${brief(name)}`;
  const known = names.length === 0 ? "Add an adapter with addLora first" : `Give one of: ${names.join(", ")}`;
  throw new InvalidArgumentError({
    source: "encodePeftAdapter",
    problem: `${asked}, and the model has ${names.length} adapters`,
    remedy: known,
  });
}

/**
 * Writes an adapter as PEFT lays it out, so that `PeftModel.from_pretrained` loads it on the published model: `adapter_config.json` and `adapter_model.safetensors`
 * with `base_model.model.<module>.lora_A.weight` [rank, nIn] and `lora_B.weight` [nOut, rank], the transposes of ours.
 *
 * Layers of other ranks or scalings than the first are in `rank_pattern` and `alpha_pattern`. GPT-2's queries, keys and values are one module there, `c_attn`: where their
 * adapters differ in A, they become one of the sum of their ranks with a block-diagonal B, which computes the same. Whether an adapter is enabled is not written.
 *
 * @throws InvalidArgumentError if the model has no adapter of that name, or several and none is named
 * @throws UnsupportedError if a layer has no module of these names
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer, decodePeftAdapter, encodePeftAdapter } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const model = addLora(base, { target: "blocks.0.mlp.W_out", rank: 1, key: createKey(0) });
 * const files = encodePeftAdapter(model);
 * expect(JSON.parse(files.config).target_modules).toEqual(["blocks.0.mlp.W_out"]);
 * expect(decodePeftAdapter(base, files)).toEqual(model);
 * ```
 */
export function encodePeftAdapter(model: Transformer, options: EncodePeftOptions = {}): PeftAdapterFiles {
  checkGiven("encodePeftAdapter", { model });
  const name = chosenName(model, options.name);
  const names = options.modules ?? peftModuleNames(model.config);
  const modules = peftModules(model.config, names);
  const reachable = new Set<string>(modules.flatMap(({ layers }) => layers.map(({ weight }) => weight)));
  for (const { target } of model.adapters.filter((adapter) => adapter.name === name)) {
    if (reachable.has(target)) continue;
    throw new UnsupportedError({
      source: "encodePeftAdapter",
      problem: `"${target}" has no module in the names of ${names}`,
      remedy: 'Give modules: "blocks"',
    });
  }
  const tensors = new Map<string, Tensor>();
  const written: (Pick<LoraAdapter, "rank" | "alpha" | "rsLora"> & { readonly module: string })[] = [];
  for (const module of modules) {
    const update = updateOf(model, name, module);
    if (update === undefined) continue;
    const { nIn, nOut } = placesOf(module);
    const { rank } = update;
    // PEFT has one kind of scaling for all modules: that of the first.
    const rsLora = written[0]?.rsLora ?? update.rsLora;
    const alpha = rsLora === update.rsLora ? update.alpha : alphaOf(loraScaling(update), { rank, rsLora });
    written.push({ module: module.name, rank, alpha, rsLora });
    const float32 = (values: WeightArray): Float32Array => Float32Array.from(values);
    const a = { values: float32(transposed(update.a, nIn, rank)), shape: [rank, nIn] };
    const b = { values: float32(transposed(update.b, rank, nOut)), shape: [nOut, rank] };
    tensors.set(`${prefix}${module.name}.lora_A.weight`, a).set(`${prefix}${module.name}.lora_B.weight`, b);
  }
  const fanInFanOut = names === "gpt2" && written.every(({ module }) => module !== "lm_head");
  return {
    config: writePeftConfig(written, { fanInFanOut, baseModel: options.baseModel }),
    tensors: encodeSafetensors({ tensors, metadata: new Map([["format", "pt"]]) }),
  };
}

function corrupt(problem: string): never {
  const remedy = "Check that the adapter belongs to this model, and give the names of its modules";
  throw new CorruptFileError({ source: "decodePeftAdapter", problem, remedy });
}

/** One factor of a module, checked against its shape. */
function readFactor(tensors: ReadonlyMap<string, Tensor>, name: string, shape: readonly number[]): WeightArray {
  const tensor = tensors.get(name) ?? corrupt(`the tensor ${brief(name)} is missing`);
  const { values, dtype } = tensor;
  if (dtype === "I64" || !(values instanceof Float32Array || values instanceof Float64Array)) {
    return corrupt(`${brief(name)} has integers`);
  }
  if (tensor.shape.join() !== shape.join()) {
    corrupt(`${brief(name)} has shape [${tensor.shape.join(", ")}], not [${shape.join(", ")}]`);
  }
  return values.every(Number.isFinite) ? values : corrupt(`${brief(name)} has a value that is not finite`);
}

/** Whether a tensor [vocabulary, dModel] is the embedding or the unembedding of the model; PEFT saves copies of them where `lm_head` is adapted. */
function isOwnEmbedding({ config, weights }: Transformer, { values, shape }: Tensor): boolean {
  const [rows = 0, columns = 0] = shape;
  const embedding = weights.get("embed.W_E");
  const unembedding = weights.get("unembed.W_U");
  if (shape.length !== 2 || columns !== config.dModel) return false;
  const is = (own: WeightArray): boolean =>
    own.length === values.length && own.every((value, i) => value === values[i]);
  if (embedding !== undefined && is(embedding)) return true;
  return unembedding !== undefined && is(transposed(unembedding, columns, rows));
}

/** The modules that a file has adapters of; every tensor must be a factor of one. */
function modulesOf(
  model: Transformer,
  tensors: ReadonlyMap<string, Tensor>,
  modules: readonly PeftModule[],
): readonly PeftModule[] {
  const known = new Map(modules.map((module) => [module.name, module]));
  const found = new Set<PeftModule>();
  for (const [name, tensor] of tensors) {
    const copy = /\.(lm_head|embed_tokens|wte)(\.base_layer)?\.weight$/.test(name);
    if (copy && isOwnEmbedding(model, tensor)) continue;
    if (copy || /lora_embedding_|lora_magnitude_vector|lora_bias|\.modules_to_save\.|lora_B\.bias$/.test(name)) {
      throw new UnsupportedError({
        source: "decodePeftAdapter",
        problem: `the adapter has the tensor ${brief(name)}`,
        remedy:
          "Only lora_A and lora_B of linear layers are read: merge the adapter with PEFT, or train one without it",
      });
    }
    const [, path = ""] = /^base_model\.model\.(.*)\.lora_[AB]\.weight$/.exec(name) ?? [];
    found.add(known.get(path) ?? corrupt(`the tensor ${brief(name)} belongs to no layer of the model`));
  }
  if (found.size === 0) corrupt("the adapter has no tensors");
  return modules.filter((module) => found.has(module));
}

/**
 * Adds an adapter in PEFT's layout to a model: what {@link encodePeftAdapter} or PEFT's `save_pretrained` wrote. Read are `r`, `lora_alpha`, `rank_pattern`,
 * `alpha_pattern` (regular expressions for the end of a module's name, as in PEFT), `use_rslora` and `target_modules`.
 *
 * An adapter of GPT-2's `c_attn` becomes one of each of `W_Q`, `W_K` and `W_V`, which computes the same; components whose B is 0 on one of them are left out there.
 *
 * @throws UnsupportedError if the adapter is more than plain LoRA (DoRA, trained biases, saved modules, replicated layers, ...); the entry is named
 * @throws CorruptFileError if a file is damaged, a tensor belongs to no layer of the model, or a shape does not match its layer and rank
 * @throws InvalidArgumentError if a layer has an adapter of this name already
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer, decodePeftAdapter, encodePeftAdapter } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const files = encodePeftAdapter(addLora(base, { target: "blocks.0.attn.W_Q", rank: 2, alpha: 3, key: createKey(0) }));
 * const [adapter] = decodePeftAdapter(base, files, { name: "persona" }).adapters;
 * expect(adapter).toMatchObject({ name: "persona", target: "blocks.0.attn.W_Q", rank: 2, alpha: 3 });
 * ```
 */
export function decodePeftAdapter(
  model: Transformer,
  files: PeftAdapterFiles,
  options: DecodePeftOptions = {},
): Transformer {
  const { name = "default" } = options;
  const reject = (problem: string, remedy: string): never => {
    throw new InvalidArgumentError({ source: "decodePeftAdapter", problem, remedy });
  };
  if (!/^[A-Za-z0-9_-]+$/.test(name)) reject(`name is ${brief(name)}`, "Use letters, digits, _ and -");
  checkGiven("decodePeftAdapter", { model, files });
  checkGiven("decodePeftAdapter", { "files.config": files.config }, "string");
  checkBytes("decodePeftAdapter", files.tensors);
  const config = readPeftConfig(files.config);
  const { tensors } = decodeSafetensors(files.tensors);
  const modules = peftModules(model.config, options.modules ?? peftModuleNames(model.config));
  const adapters: LoraAdapter[] = [...model.adapters];
  const weights = new Map(model.weights);
  for (const module of modulesOf(model, tensors, modules)) {
    if (!config.targets(module.name)) corrupt(`target_modules has nothing that matches ${brief(module.name)}`);
    const { places, nIn, nOut } = placesOf(module);
    const own = config.rankOf(module.name);
    const { rank } = own;
    const a = transposed(readFactor(tensors, `${prefix}${module.name}.lora_A.weight`, [rank, nIn]), rank, nIn);
    const b = transposed(readFactor(tensors, `${prefix}${module.name}.lora_B.weight`, [nOut, rank]), nOut, rank);
    const updates = module.layers.length === 1 ? [{ ...own, a, b }] : splitUpdate({ ...own, a, b }, nIn, places);
    for (const [i, { weight: target }] of module.layers.entries()) {
      const update = updates[i];
      if (update === undefined) continue;
      if (adapters.some((one) => one.target === target && one.name === name)) {
        reject(`"${target}" has an adapter "${name}" already`, "Give another name");
      }
      const adapter = { name, target, rank: update.rank, alpha: update.alpha, rsLora: update.rsLora, enabled: true };
      const parameters = loraParameterNames(adapter);
      adapters.push(adapter);
      weights.set(parameters.a, update.a).set(parameters.b, update.b);
    }
  }
  return { config: model.config, adapters, weights };
}
