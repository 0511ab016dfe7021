import { createKey, normal } from "@semifactor/ghmm";
import { addLora } from "../../lora/add-lora.ts";
import type { TransformerOptions } from "../config.ts";
import { createTransformer, type Transformer } from "../transformer.ts";

/** The same model with noise on every parameter, so that biases, gains and `lora_B` are not at their initial constants. */
export function perturbed(model: Transformer, size = 0.4): Transformer {
  const weights = new Map(
    [...model.weights].map(([name, values], i) => {
      const draws = normal(createKey(1000 + i), values.length);
      return [name, values.map((value, j) => value + size * (draws[j] ?? 0))] as const;
    }),
  );
  return { config: model.config, adapters: model.adapters, weights };
}

/** A tiny model, 2 layers of width 4, whose every parameter is random, with adapters of rank 2 on these layers. */
export function randomModel(options: Partial<TransformerOptions> = {}, lora: readonly string[] = []): Transformer {
  const base = createTransformer({
    nLayers: 2,
    dModel: 4,
    nHeads: 2,
    dMlp: 5,
    nCtx: 4,
    vocabularySize: 5,
    outputSize: options.tiedUnembedding ? 5 : 3,
    ...options,
  });
  return perturbed(
    lora.reduce((model, target, i) => addLora(model, { target, rank: 2, alpha: 3, key: createKey(i) }), base),
  );
}
