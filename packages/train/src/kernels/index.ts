import { adamwSignature } from "./adamw/signature.ts";
import { addSignature } from "./add/signature.ts";
import { addVectorSignature } from "./add-vector/signature.ts";
import { attentionBackwardSignature, attentionForwardSignature } from "./attention/signature.ts";
import { clipScaleSignature } from "./clip-scale/signature.ts";
import { copySignature } from "./copy/signature.ts";
import { crossEntropySignature } from "./cross-entropy/signature.ts";
import { embedBackwardSignature, embedForwardSignature } from "./embed/signature.ts";
import { fillSignature } from "./fill/signature.ts";
import { geluBackwardSignature, geluForwardSignature } from "./gelu/signature.ts";
import { layerNormBackwardSignature, layerNormForwardSignature } from "./layer-norm/signature.ts";
import {
  linearBackwardInputSignature,
  linearBackwardWeightSignature,
  linearForwardSignature,
} from "./linear/signature.ts";
import {
  linearTransposedBackwardInputSignature,
  linearTransposedBackwardWeightSignature,
  linearTransposedForwardSignature,
} from "./linear-transposed/signature.ts";
import { reduceShardsSignature } from "./reduce-shards/signature.ts";
import { reluBackwardSignature, reluForwardSignature } from "./relu/signature.ts";
import { sumOfSquaresSignature } from "./sum-of-squares/signature.ts";

/**
 * Every kernel that a plan may call, by name. An engine implements all of them; the tests enumerate this table, so a kernel that is added here without a
 * gradient check fails.
 *
 * @example
 * ```ts
 * import { kernelSignatures } from "@semifactor/train";
 *
 * expect(kernelSignatures.copy.args.map(([name]) => name)).toEqual(["src", "dst", "n"]);
 * ```
 */
export const kernelSignatures = {
  embed_forward: embedForwardSignature,
  embed_backward: embedBackwardSignature,
  layer_norm_forward: layerNormForwardSignature,
  layer_norm_backward: layerNormBackwardSignature,
  linear_forward: linearForwardSignature,
  linear_backward_input: linearBackwardInputSignature,
  linear_backward_weight: linearBackwardWeightSignature,
  linear_transposed_forward: linearTransposedForwardSignature,
  linear_transposed_backward_input: linearTransposedBackwardInputSignature,
  linear_transposed_backward_weight: linearTransposedBackwardWeightSignature,
  attention_forward: attentionForwardSignature,
  attention_backward: attentionBackwardSignature,
  gelu_forward: geluForwardSignature,
  gelu_backward: geluBackwardSignature,
  relu_forward: reluForwardSignature,
  relu_backward: reluBackwardSignature,
  cross_entropy: crossEntropySignature,
  add_vector: addVectorSignature,
  fill: fillSignature,
  copy: copySignature,
  add: addSignature,
  sum_of_squares: sumOfSquaresSignature,
  clip_scale: clipScaleSignature,
  adamw: adamwSignature,
  reduce_shards: reduceShardsSignature,
} as const;

/** The table {@link kernelSignatures}, as a type. */
export type KernelSignatures = typeof kernelSignatures;

/** The name of a kernel. */
export type KernelName = keyof KernelSignatures;

export type { ArgumentKind, KernelSignature } from "./_internal/kernel-signature.ts";
