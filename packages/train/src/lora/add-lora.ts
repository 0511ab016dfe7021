import { InvalidArgumentError, type Key, uniform } from "@semifactor/ghmm";
import { linearLayers } from "../model/parameters.ts";
import type { Transformer, WeightArray } from "../model/transformer.ts";

/** Options of {@link addLora}. */
export interface LoraOptions {
  /** Name of the adapted weight: `attn.W_Q`, `W_K`, `W_V`, `W_O`, `mlp.W_in`, `mlp.W_out` of a block, or `unembed.W_U` (also where it is tied). */
  readonly target: string;
  readonly rank: number;
  /** Numerator of the scaling alpha / rank; `rank` by default (scaling 1). */
  readonly alpha?: number;
  readonly key: Key;
}

/**
 * Adds a low-rank adapter to one linear layer: W acts as W + (alpha / rank) A B (Hu et al. 2021).
 *
 * `<target>.lora_A` [nIn, rank] is uniform in +-1/sqrt(nIn) (PEFT's Kaiming initialisation), `<target>.lora_B` [rank, nOut] is 0, so a fresh adapter changes nothing.
 * They are the transposes of PEFT's `lora_A.weight` and `lora_B.weight`.
 *
 * @returns A new model that shares the base weights; `train` changes only its adapters, unless told otherwise.
 * @throws InvalidArgumentError if the target is not a linear layer, has an adapter, or the rank is not from 1 to min(nIn, nOut)
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const model = addLora(base, { target: "blocks.0.mlp.W_out", rank: 1, alpha: 1, key: createKey(0) });
 * expect(model.weights.get("blocks.0.mlp.W_out.lora_A")?.length).toBe(16);
 * ```
 */
export function addLora(model: Transformer, options: LoraOptions): Transformer {
  const { target, rank, alpha = rank, key } = options;
  const reject = (problem: string, remedy: string): never => {
    throw new InvalidArgumentError({ source: "addLora", problem, remedy });
  };
  const layers = linearLayers(model.config);
  const layer = layers.find(({ weight }) => weight === target);
  if (layer === undefined) {
    return reject(`"${target}" is not a linear layer`, `Use one of: ${layers.map(({ weight }) => weight).join(", ")}`);
  }
  if (model.adapters.some((adapter) => adapter.target === target)) {
    reject(`"${target}" has an adapter already`, "Merge it first, or give a larger rank");
  }
  const { nIn, nOut } = layer;
  if (!Number.isInteger(rank) || rank < 1 || rank > Math.min(nIn, nOut)) {
    reject(`rank is ${rank} for a layer ${nIn} x ${nOut}`, `Give an integer from 1 to ${Math.min(nIn, nOut)}`);
  }
  if (!Number.isFinite(alpha)) reject(`alpha is ${alpha}`, "Give a finite number");
  const bound = 1 / Math.sqrt(nIn);
  const weights = new Map<string, WeightArray>(model.weights);
  weights.set(
    `${target}.lora_A`,
    Float32Array.from(uniform(key, nIn * rank), (draw) => bound * (2 * draw - 1)),
  );
  weights.set(`${target}.lora_B`, new Float32Array(rank * nOut));
  return { config: model.config, adapters: [...model.adapters, { target, rank, alpha }], weights };
}
