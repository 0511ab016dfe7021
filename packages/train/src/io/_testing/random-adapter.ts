import { createKey, normal } from "@semifactor/ghmm";
import { type LoraAdapter, loraParameterNames } from "../../model/lora-adapter.ts";
import { linearLayers } from "../../model/parameters.ts";
import type { Transformer, WeightArray } from "../../model/transformer.ts";

/** A model with one more adapter, whose A and B are random. */
export function withRandomAdapter(
  model: Transformer,
  adapter: Partial<LoraAdapter> & Pick<LoraAdapter, "target">,
  seed = 1,
): Transformer {
  const whole: LoraAdapter = { name: "default", rank: 2, alpha: 3, rsLora: false, enabled: true, ...adapter };
  const layer = linearLayers(model.config).find(({ weight }) => weight === whole.target);
  if (layer === undefined) throw new Error(`no layer ${whole.target}`);
  const names = loraParameterNames(whole);
  const draw = (offset: number, count: number): WeightArray =>
    Float32Array.from(normal(createKey(seed + offset), count));
  const weights = new Map(model.weights)
    .set(names.a, draw(0, layer.nIn * whole.rank))
    .set(names.b, draw(1000, whole.rank * layer.nOut));
  return { config: model.config, adapters: [...model.adapters, whole], weights };
}
