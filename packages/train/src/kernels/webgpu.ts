import type { WebgpuKernel } from "../engines/webgpu/webgpu-kernel.ts";
import { adamw } from "./adamw/webgpu.ts";
import { add } from "./add/webgpu.ts";
import { attentionBackward, attentionForward } from "./attention/webgpu.ts";
import { attentionApplyBackward, attentionApplyForward, attentionScoresBackward } from "./attention-pattern/webgpu.ts";
import { clipScale } from "./clip-scale/webgpu.ts";
import { copy } from "./copy/webgpu.ts";
import { crossEntropy } from "./cross-entropy/webgpu.ts";
import { embedBackward, embedForward } from "./embed/webgpu.ts";
import { fill } from "./fill/webgpu.ts";
import { gatherPositions } from "./gather-positions/webgpu.ts";
import { geluBackward, geluForward } from "./gelu/webgpu.ts";
import { geluTanhBackward, geluTanhForward } from "./gelu-tanh/webgpu.ts";
import type { KernelName } from "./index.ts";
import { interveneBackward, interveneForward } from "./intervene/webgpu.ts";
import { layerNormBackward, layerNormForward } from "./layer-norm/webgpu.ts";
import { linearBackwardInput, linearBackwardWeight, linearForward } from "./linear/webgpu.ts";
import {
  linearTransposedBackwardInput,
  linearTransposedBackwardWeight,
  linearTransposedForward,
} from "./linear-transposed/webgpu.ts";
import { multiplyBackward, multiplyForward } from "./multiply/webgpu.ts";
import { recordMetrics } from "./record-metrics/webgpu.ts";
import { reduceShards } from "./reduce-shards/webgpu.ts";
import { reluBackward, reluForward } from "./relu/webgpu.ts";
import { rmsNormBackward, rmsNormForward } from "./rms-norm/webgpu.ts";
import { rotary } from "./rotary/webgpu.ts";
import { sampleHmm } from "./sample-hmm/webgpu.ts";
import { scale } from "./scale/webgpu.ts";
import { sgd } from "./sgd/webgpu.ts";
import { siluBackward, siluForward } from "./silu/webgpu.ts";
import { softCapBackward, softCapForward } from "./soft-cap/webgpu.ts";
import { sumOfSquares } from "./sum-of-squares/webgpu.ts";

/** The WGSL kernels, one per signature. */
export const webgpuKernels: { readonly [Name in KernelName]: WebgpuKernel } = {
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
  rotary,
  silu_forward: siluForward,
  silu_backward: siluBackward,
  gelu_tanh_forward: geluTanhForward,
  gelu_tanh_backward: geluTanhBackward,
  multiply_forward: multiplyForward,
  multiply_backward: multiplyBackward,
  soft_cap_forward: softCapForward,
  soft_cap_backward: softCapBackward,
  scale,
  intervene_forward: interveneForward,
  intervene_backward: interveneBackward,
  gather_positions: gatherPositions,
  fill,
  copy,
  add,
  sum_of_squares: sumOfSquares,
  clip_scale: clipScale,
  adamw,
  sgd,
  record_metrics: recordMetrics,
  sample_hmm: sampleHmm,
  reduce_shards: reduceShards,
};
