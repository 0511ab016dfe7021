import { adamwSignature } from "./adamw/signature.ts";
import { addSignature } from "./add/signature.ts";
import { attentionBackwardSignature, attentionForwardSignature } from "./attention/signature.ts";
import {
  attentionApplyBackwardSignature,
  attentionApplyForwardSignature,
  attentionScoresBackwardSignature,
} from "./attention-pattern/signature.ts";
import { clipScaleSignature } from "./clip-scale/signature.ts";
import { copySignature } from "./copy/signature.ts";
import { crossEntropySignature } from "./cross-entropy/signature.ts";
import { embedBackwardSignature, embedForwardSignature } from "./embed/signature.ts";
import { fillSignature } from "./fill/signature.ts";
import { gatherPositionsSignature } from "./gather-positions/signature.ts";
import { geluBackwardSignature, geluForwardSignature } from "./gelu/signature.ts";
import { geluTanhBackwardSignature, geluTanhForwardSignature } from "./gelu-tanh/signature.ts";
import { interveneBackwardSignature, interveneForwardSignature } from "./intervene/signature.ts";
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
import { multiplyBackwardSignature, multiplyForwardSignature } from "./multiply/signature.ts";
import { recordMetricsSignature } from "./record-metrics/signature.ts";
import { reduceShardsSignature } from "./reduce-shards/signature.ts";
import { reluBackwardSignature, reluForwardSignature } from "./relu/signature.ts";
import { rmsNormBackwardSignature, rmsNormForwardSignature } from "./rms-norm/signature.ts";
import { rotarySignature } from "./rotary/signature.ts";
import { sampleHmmSignature } from "./sample-hmm/signature.ts";
import { scaleSignature } from "./scale/signature.ts";
import { sgdSignature } from "./sgd/signature.ts";
import { siluBackwardSignature, siluForwardSignature } from "./silu/signature.ts";
import { softCapBackwardSignature, softCapForwardSignature } from "./soft-cap/signature.ts";
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
  attention_apply_forward: attentionApplyForwardSignature,
  attention_apply_backward: attentionApplyBackwardSignature,
  attention_scores_backward: attentionScoresBackwardSignature,
  rms_norm_forward: rmsNormForwardSignature,
  rms_norm_backward: rmsNormBackwardSignature,
  rotary: rotarySignature,
  silu_forward: siluForwardSignature,
  silu_backward: siluBackwardSignature,
  gelu_tanh_forward: geluTanhForwardSignature,
  gelu_tanh_backward: geluTanhBackwardSignature,
  multiply_forward: multiplyForwardSignature,
  multiply_backward: multiplyBackwardSignature,
  soft_cap_forward: softCapForwardSignature,
  soft_cap_backward: softCapBackwardSignature,
  scale: scaleSignature,
  intervene_forward: interveneForwardSignature,
  intervene_backward: interveneBackwardSignature,
  gather_positions: gatherPositionsSignature,
  fill: fillSignature,
  copy: copySignature,
  add: addSignature,
  sum_of_squares: sumOfSquaresSignature,
  clip_scale: clipScaleSignature,
  adamw: adamwSignature,
  sgd: sgdSignature,
  record_metrics: recordMetricsSignature,
  sample_hmm: sampleHmmSignature,
  reduce_shards: reduceShardsSignature,
} as const;

/** The table {@link kernelSignatures}, as a type. */
export type KernelSignatures = typeof kernelSignatures;

/** The name of a kernel. */
export type KernelName = keyof KernelSignatures;

export type { ArgumentKind, KernelSignature } from "./_internal/kernel-signature.ts";
