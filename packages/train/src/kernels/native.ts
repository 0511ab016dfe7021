import type { KernelToOnnx } from "../engines/native/graph-builder.ts";
import { addToOnnx } from "./add/native.ts";
import { attentionBackwardToOnnx, attentionForwardToOnnx } from "./attention/native.ts";
import {
  attentionApplyBackwardToOnnx,
  attentionApplyForwardToOnnx,
  attentionScoresBackwardToOnnx,
} from "./attention-pattern/native.ts";
import { copyToOnnx } from "./copy/native.ts";
import { crossEntropyToOnnx } from "./cross-entropy/native.ts";
import { embedBackwardToOnnx, embedForwardToOnnx } from "./embed/native.ts";
import { fillToOnnx } from "./fill/native.ts";
import { gatherPositionsToOnnx } from "./gather-positions/native.ts";
import { geluBackwardToOnnx, geluForwardToOnnx } from "./gelu/native.ts";
import { geluTanhBackwardToOnnx, geluTanhForwardToOnnx } from "./gelu-tanh/native.ts";
import type { KernelName } from "./index.ts";
import { interveneBackwardToOnnx, interveneForwardToOnnx } from "./intervene/native.ts";
import { layerNormBackwardToOnnx, layerNormForwardToOnnx } from "./layer-norm/native.ts";
import { linearBackwardInputToOnnx, linearBackwardWeightToOnnx, linearForwardToOnnx } from "./linear/native.ts";
import {
  linearTransposedBackwardInputToOnnx,
  linearTransposedBackwardWeightToOnnx,
  linearTransposedForwardToOnnx,
} from "./linear-transposed/native.ts";
import { multiplyBackwardToOnnx, multiplyForwardToOnnx } from "./multiply/native.ts";
import { reluBackwardToOnnx, reluForwardToOnnx } from "./relu/native.ts";
import { rmsNormBackwardToOnnx, rmsNormForwardToOnnx } from "./rms-norm/native.ts";
import { rotaryToOnnx } from "./rotary/native.ts";
import { scaleToOnnx } from "./scale/native.ts";
import { siluBackwardToOnnx, siluForwardToOnnx } from "./silu/native.ts";
import { softCapBackwardToOnnx, softCapForwardToOnnx } from "./soft-cap/native.ts";

/**
 * Every kernel as operations of ONNX; `host` for those that our own WebAssembly kernels run over the same memory: the optimizers, which work in place on one flat
 * buffer, and the sampler, which is integer arithmetic modulo 2^32.
 */
export const kernelsToOnnx: { readonly [Name in KernelName]: KernelToOnnx<Name> | "host" } = {
  embed_forward: embedForwardToOnnx,
  embed_backward: embedBackwardToOnnx,
  layer_norm_forward: layerNormForwardToOnnx,
  layer_norm_backward: layerNormBackwardToOnnx,
  linear_forward: linearForwardToOnnx,
  linear_backward_input: linearBackwardInputToOnnx,
  linear_backward_weight: linearBackwardWeightToOnnx,
  linear_transposed_forward: linearTransposedForwardToOnnx,
  linear_transposed_backward_input: linearTransposedBackwardInputToOnnx,
  linear_transposed_backward_weight: linearTransposedBackwardWeightToOnnx,
  attention_forward: attentionForwardToOnnx,
  attention_backward: attentionBackwardToOnnx,
  gelu_forward: geluForwardToOnnx,
  gelu_backward: geluBackwardToOnnx,
  relu_forward: reluForwardToOnnx,
  relu_backward: reluBackwardToOnnx,
  cross_entropy: crossEntropyToOnnx,
  attention_apply_forward: attentionApplyForwardToOnnx,
  attention_apply_backward: attentionApplyBackwardToOnnx,
  attention_scores_backward: attentionScoresBackwardToOnnx,
  rms_norm_forward: rmsNormForwardToOnnx,
  rms_norm_backward: rmsNormBackwardToOnnx,
  rotary: rotaryToOnnx,
  silu_forward: siluForwardToOnnx,
  silu_backward: siluBackwardToOnnx,
  gelu_tanh_forward: geluTanhForwardToOnnx,
  gelu_tanh_backward: geluTanhBackwardToOnnx,
  multiply_forward: multiplyForwardToOnnx,
  multiply_backward: multiplyBackwardToOnnx,
  soft_cap_forward: softCapForwardToOnnx,
  soft_cap_backward: softCapBackwardToOnnx,
  scale: scaleToOnnx,
  intervene_forward: interveneForwardToOnnx,
  intervene_backward: interveneBackwardToOnnx,
  gather_positions: gatherPositionsToOnnx,
  fill: fillToOnnx,
  copy: copyToOnnx,
  add: addToOnnx,
  sum_of_squares: "host",
  clip_scale: "host",
  adamw: "host",
  sgd: "host",
  record_metrics: "host",
  sample_hmm: "host",
  reduce_shards: "host",
};
