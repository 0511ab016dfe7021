import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkModel } from "../model/_internal/check-model.ts";
import { loraParameterNames } from "../model/lora-adapter.ts";
import type { Transformer } from "../model/transformer.ts";

/**
 * Throws unless the model has adapters of these names.
 *
 * @throws InvalidArgumentError that lists the names there are
 */
export function checkAdapterNames(source: string, { adapters }: Transformer, names: readonly string[]): void {
  checkList(source, "names", names);
  const known = [...new Set(adapters.map(({ name }) => name))];
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new InvalidArgumentError({
      source,
      problem: `the model has no adapter "${name}"`,
      remedy: known.length > 0 ? `Use one of: ${known.join(", ")}` : "Add one with addLora",
    });
  }
}

/**
 * Switches adapters on or off: those named are enabled, all others disabled. A disabled adapter keeps its weights and takes no part in the computation.
 *
 * @throws InvalidArgumentError if the model has no adapter of a name
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer, enableLora } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const narrow = addLora(base, { target: "unembed.W_U", rank: 1, name: "narrow", key: createKey(0) });
 * const both = addLora(narrow, { target: "unembed.W_U", rank: 2, name: "broad", key: createKey(1) });
 * expect(enableLora(both, ["broad"]).adapters.map(({ enabled }) => enabled)).toEqual([false, true]);
 * expect(enableLora(both, []).adapters.some(({ enabled }) => enabled)).toBe(false);
 * ```
 */
export function enableLora(model: Transformer, names: readonly string[]): Transformer {
  checkModel("enableLora", model);
  checkAdapterNames("enableLora", model, names);
  const adapters = model.adapters.map((adapter) => ({ ...adapter, enabled: names.includes(adapter.name) }));
  return { config: model.config, adapters, weights: model.weights };
}

/**
 * Removes the adapters of the given names, with their weights.
 *
 * @throws InvalidArgumentError if the model has no adapter of a name
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer, removeLora } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const adapted = addLora(base, { target: "unembed.W_U", rank: 1, key: createKey(0) });
 * expect(removeLora(adapted, ["default"])).toEqual(base);
 * ```
 */
export function removeLora(model: Transformer, names: readonly string[]): Transformer {
  checkModel("removeLora", model);
  checkAdapterNames("removeLora", model, names);
  const weights = new Map(model.weights);
  for (const adapter of model.adapters) {
    if (!names.includes(adapter.name)) continue;
    const { a, b } = loraParameterNames(adapter);
    weights.delete(a);
    weights.delete(b);
  }
  const adapters = model.adapters.filter(({ name }) => !names.includes(name));
  return { config: model.config, adapters, weights };
}
