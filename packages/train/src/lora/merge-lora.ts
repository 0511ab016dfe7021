import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { checkModel } from "../model/_internal/check-model.ts";
import { type LoraAdapter, loraParameterNames, loraScaling } from "../model/lora-adapter.ts";
import { linearLayers, separateHeads } from "../model/parameters.ts";
import type { Transformer, WeightArray } from "../model/transformer.ts";
import { checkAdapterNames } from "./select-lora.ts";

/** s A B [nIn, nOut] of one adapter, in float64. */
function loraUpdate(model: Transformer, adapter: LoraAdapter): Float64Array {
  const layer = linearLayers(model.config).find(({ weight }) => weight === adapter.target);
  const names = loraParameterNames(adapter);
  const a = model.weights.get(names.a);
  const b = model.weights.get(names.b);
  if (layer === undefined || a === undefined || b === undefined) {
    throw new InvalidArgumentError({
      source: "mergeLora",
      problem: `the adapter of "${adapter.target}" is incomplete`,
      remedy: "Create it with addLora",
    });
  }
  const { nIn, nOut } = layer;
  const { rank } = adapter;
  const scale = loraScaling(adapter);
  const update = new Float64Array(nIn * nOut);
  for (let i = 0; i < nIn; i++) {
    for (let o = 0; o < nOut; o++) {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += (a[i * rank + r] ?? Number.NaN) * (b[r * nOut + o] ?? Number.NaN);
      update[i * nOut + o] = scale * sum;
    }
  }
  return update;
}

/**
 * Folds adapters into their weights: W + s A B; by default those that are enabled. The result is without them, computes the same function up to rounding, and
 * remembers the model it came from for {@link unmergeLora}.
 *
 * @throws InvalidArgumentError if the model has no enabled adapters, or none of a name
 * @throws UnsupportedError if an adapter is on a tied unembedding: merged into `embed.W_E` it would change the embedding too
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer, mergeLora, unmergeLora } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const adapted = addLora(base, { target: "blocks.0.mlp.W_out", rank: 1, key: createKey(0) });
 * const merged = mergeLora(adapted);
 * expect(merged.adapters.length).toBe(0);
 * expect(unmergeLora(merged)).toBe(adapted);
 * ```
 */
export function mergeLora(model: Transformer, options: { readonly names?: readonly string[] } = {}): Transformer {
  checkModel("mergeLora", model);
  const { names } = options;
  checkAdapterNames("mergeLora", model, names ?? []);
  const chosen = model.adapters.filter(({ name, enabled }) => (names === undefined ? enabled : names.includes(name)));
  if (chosen.length === 0) {
    throw new InvalidArgumentError({
      source: "mergeLora",
      problem: "the model has no adapters to merge",
      remedy: "Add one with addLora, or enable one with enableLora",
    });
  }
  const { config } = model;
  const weights = new Map<string, WeightArray>(model.weights);
  for (const adapter of chosen) {
    const { target } = adapter;
    const base = weights.get(target);
    if (base === undefined) {
      throw new UnsupportedError({
        source: "mergeLora",
        problem: `"${target}" is tied to embed.W_E, which the embedding uses too`,
        remedy: "Keep the adapter, or create the model with tiedUnembedding: false",
      });
    }
    const update = loraUpdate(model, adapter);
    const merged = base.slice();
    const heads = separateHeads(config, target);
    const width = config.dHead;
    for (let i = 0; i < merged.length; i++) {
      // W_Q, W_K, W_V are [heads, dModel, dHead]; the update is [dModel, heads*dHead].
      const head = Math.floor(i / (config.dModel * width));
      const row = Math.floor(i / width) % config.dModel;
      const from = heads === 1 ? i : row * heads * width + head * width + (i % width);
      merged[i] = (merged[i] ?? Number.NaN) + (update[from] ?? Number.NaN);
    }
    weights.set(target, merged);
    const { a, b } = loraParameterNames(adapter);
    weights.delete(a);
    weights.delete(b);
  }
  return {
    config,
    adapters: model.adapters.filter((adapter) => !chosen.includes(adapter)),
    weights,
    mergedFrom: model,
  };
}

/**
 * Undoes {@link mergeLora}: returns the model with its adapters, exactly as it was.
 *
 * @throws InvalidArgumentError if the model was not made by `mergeLora` (a merged model that was trained or saved is a model of its own)
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer, mergeLora, unmergeLora } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const adapted = addLora(base, { target: "unembed.W_U", rank: 1, key: createKey(0) });
 * expect(unmergeLora(mergeLora(adapted)).weights.get("unembed.W_U")).toEqual(base.weights.get("unembed.W_U"));
 * ```
 */
export function unmergeLora(model: Transformer): Transformer {
  checkModel("unmergeLora", model);
  if (model.mergedFrom === undefined) {
    throw new InvalidArgumentError({
      source: "unmergeLora",
      problem: "the model was not made by mergeLora",
      remedy: "Keep the model that was merged",
    });
  }
  return model.mergedFrom;
}
