import type { LoraAdapter } from "../model/lora-adapter.ts";
import type { ParameterLayout } from "../plan/parameter-layout.ts";
import { resolveTrainable, type TrainableParameter, type TrainableSpec } from "../plan/trainable.ts";

/**
 * The parameters that weight decay applies to, where PyTorch has groups: `matrices` are weights and embeddings (but no single rows of them), `all` and `none`
 * what they say, and a function decides by TransformerLens name.
 */
export type DecaySpec = "matrices" | "all" | "none" | ((parameter: string) => boolean);

/**
 * Applies a decay group to what is trained; a `decay` that a trained parameter has of its own stays.
 *
 * @throws InvalidArgumentError if the trainable set does not resolve
 */
export function withDecay(
  trainable: TrainableSpec,
  decay: DecaySpec,
  model: { readonly layout: ParameterLayout; readonly adapters: readonly LoraAdapter[] },
  source: string,
): TrainableSpec {
  if (decay === "matrices") return trainable;
  const applies = typeof decay === "function" ? decay : (): boolean => decay === "all";
  const items: readonly TrainableParameter[] =
    typeof trainable === "string"
      ? resolveTrainable(model.layout, trainable, source, model.adapters).runs.map(({ parameter }) => ({ parameter }))
      : trainable;
  return items.map((item) => ({ ...item, decay: item.decay ?? applies(item.parameter) }));
}
