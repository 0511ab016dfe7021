/** A low-rank update of one linear layer: its weight W becomes W + s A B with s = alpha / rank (Hu et al. 2021), or alpha / sqrt(rank) where `rsLora` is set (Kalajdzievski 2023). */
export interface LoraAdapter {
  /** Name of the adapter; one name may be on many layers, as in PEFT. */
  readonly name: string;
  /** Name of the adapted weight, e.g. `blocks.0.mlp.W_out`, `blocks.1.attn.W_Q`, `unembed.W_U`. */
  readonly target: string;
  readonly rank: number;
  readonly alpha: number;
  readonly rsLora: boolean;
  /** A disabled adapter keeps its weights and takes no part in the computation. */
  readonly enabled: boolean;
}

/**
 * The factor s of A B: alpha / rank, or alpha / sqrt(rank) with `rsLora`.
 *
 * @example
 * ```ts
 * import { loraScaling } from "@semifactor/train";
 *
 * expect(loraScaling({ rank: 4, alpha: 8, rsLora: false })).toBe(2);
 * expect(loraScaling({ rank: 4, alpha: 8, rsLora: true })).toBe(4);
 * ```
 */
export function loraScaling({ rank, alpha, rsLora }: Pick<LoraAdapter, "rank" | "alpha" | "rsLora">): number {
  return alpha / (rsLora ? Math.sqrt(rank) : rank);
}

/**
 * Names of the two factors of an adapter among the weights of its model: `<target>.lora_A` and `<target>.lora_B`, followed by `.<name>` unless the name is `default`.
 *
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer, loraParameterNames } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const model = addLora(base, { target: "unembed.W_U", rank: 2, name: "narrow", key: createKey(0) });
 * const [names] = model.adapters.map(loraParameterNames);
 * expect(names).toEqual({ a: "unembed.W_U.lora_A.narrow", b: "unembed.W_U.lora_B.narrow" });
 * expect(model.weights.get(names?.b ?? "")?.length).toBe(2 * 2);
 * ```
 */
export function loraParameterNames({ target, name }: Pick<LoraAdapter, "target" | "name">): {
  readonly a: string;
  readonly b: string;
} {
  const suffix = name === "default" ? "" : `.${name}`;
  return { a: `${target}.lora_A${suffix}`, b: `${target}.lora_B${suffix}` };
}
