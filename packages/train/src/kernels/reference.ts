import type { Arena } from "./_internal/arena.ts";
import { adamw } from "./adamw/reference.ts";
import { add } from "./add/reference.ts";
import { attentionBackward, attentionForward } from "./attention/reference.ts";
import {
  attentionApplyBackward,
  attentionApplyForward,
  attentionScoresBackward,
} from "./attention-pattern/reference.ts";
import { clipScale } from "./clip-scale/reference.ts";
import { copy } from "./copy/reference.ts";
import { crossEntropy } from "./cross-entropy/reference.ts";
import { embedBackward, embedForward } from "./embed/reference.ts";
import { fill } from "./fill/reference.ts";
import { gatherPositions } from "./gather-positions/reference.ts";
import { geluBackward, geluForward } from "./gelu/reference.ts";
import { geluTanhBackward, geluTanhForward } from "./gelu-tanh/reference.ts";
import type { KernelName, KernelSignatures } from "./index.ts";
import { interveneBackward, interveneForward } from "./intervene/reference.ts";
import { layerNormBackward, layerNormForward } from "./layer-norm/reference.ts";
import { linearBackwardInput, linearBackwardWeight, linearForward } from "./linear/reference.ts";
import {
  linearTransposedBackwardInput,
  linearTransposedBackwardWeight,
  linearTransposedForward,
} from "./linear-transposed/reference.ts";
import { multiplyBackward, multiplyForward } from "./multiply/reference.ts";
import { recordMetrics } from "./record-metrics/reference.ts";
import { reduceShards } from "./reduce-shards/reference.ts";
import { reluBackward, reluForward } from "./relu/reference.ts";
import { rmsNormBackward, rmsNormForward } from "./rms-norm/reference.ts";
import { rotary } from "./rotary/reference.ts";
import { sampleHmm } from "./sample-hmm/reference.ts";
import { scale } from "./scale/reference.ts";
import { sgd } from "./sgd/reference.ts";
import { siluBackward, siluForward } from "./silu/reference.ts";
import { softCapBackward, softCapForward } from "./soft-cap/reference.ts";
import { sumOfSquares } from "./sum-of-squares/reference.ts";

type Numbers<Args extends readonly unknown[]> = { [Index in keyof Args]: number };

/** A float64 kernel: the arena, then the arguments of its signature (addresses are element offsets). */
export type ReferenceKernel<Name extends KernelName = KernelName> = (
  arena: Arena,
  ...args: Numbers<KernelSignatures[Name]["args"]>
) => void;

/** The float64 kernels that the tests trust, one per signature. */
export const referenceKernels: { readonly [Name in KernelName]: ReferenceKernel<Name> } = {
  embed_forward: embedForward,
  embed_backward: embedBackward,
  layer_norm_forward: layerNormForward,
  layer_norm_backward: layerNormBackward,
  linear_forward: linearForward,
  linear_backward_input: linearBackwardInput,
  linear_backward_weight: linearBackwardWeight,
  linear_transposed_forward: linearTransposedForward,
  linear_transposed_backward_input: linearTransposedBackwardInput,
  linear_transposed_backward_weight: linearTransposedBackwardWeight,
  attention_forward: attentionForward,
  attention_backward: attentionBackward,
  gelu_forward: geluForward,
  gelu_backward: geluBackward,
  relu_forward: reluForward,
  relu_backward: reluBackward,
  cross_entropy: crossEntropy,
  attention_apply_forward: attentionApplyForward,
  attention_apply_backward: attentionApplyBackward,
  attention_scores_backward: attentionScoresBackward,
  rms_norm_forward: rmsNormForward,
  rms_norm_backward: rmsNormBackward,
  rotary: rotary,
  silu_forward: siluForward,
  silu_backward: siluBackward,
  gelu_tanh_forward: geluTanhForward,
  gelu_tanh_backward: geluTanhBackward,
  multiply_forward: multiplyForward,
  multiply_backward: multiplyBackward,
  soft_cap_forward: softCapForward,
  soft_cap_backward: softCapBackward,
  scale: scale,
  intervene_forward: interveneForward,
  intervene_backward: interveneBackward,
  gather_positions: gatherPositions,
  fill: fill,
  copy: copy,
  add: add,
  sum_of_squares: sumOfSquares,
  clip_scale: clipScale,
  adamw: adamw,
  sgd: sgd,
  record_metrics: recordMetrics,
  sample_hmm: sampleHmm,
  reduce_shards: reduceShards,
};
