// Entry file of the WebAssembly module: every kernel of `kernelSignatures`, under its name, and the scratch pointer.
export { adamw } from "../adamw/wasm";
export { add } from "../add/wasm";
export { attention_backward, attention_forward } from "../attention/wasm";
export {
  attention_apply_backward,
  attention_apply_forward,
  attention_scores_backward,
} from "../attention-pattern/wasm";
export { clip_scale } from "../clip-scale/wasm";
export { copy } from "../copy/wasm";
export { cross_entropy } from "../cross-entropy/wasm";
export { embed_backward, embed_forward } from "../embed/wasm";
export { fill } from "../fill/wasm";
export { gather_positions } from "../gather-positions/wasm";
export { gelu_backward, gelu_forward } from "../gelu/wasm";
export { gelu_tanh_backward, gelu_tanh_forward } from "../gelu-tanh/wasm";
export { intervene_backward, intervene_forward } from "../intervene/wasm";
export { layer_norm_backward, layer_norm_forward } from "../layer-norm/wasm";
export { linear_backward_input, linear_backward_weight, linear_forward } from "../linear/wasm";
export {
  linear_transposed_backward_input,
  linear_transposed_backward_weight,
  linear_transposed_forward,
} from "../linear-transposed/wasm";
export { multiply_backward, multiply_forward } from "../multiply/wasm";
export { record_metrics } from "../record-metrics/wasm";
export { reduce_shards } from "../reduce-shards/wasm";
export { relu_backward, relu_forward } from "../relu/wasm";
export { rms_norm_backward, rms_norm_forward } from "../rms-norm/wasm";
export { rotary } from "../rotary/wasm";
export { sample_hmm } from "../sample-hmm/wasm";
export { scale } from "../scale/wasm";
export { set_scratch } from "./scratch";
export { sgd } from "../sgd/wasm";
export { silu_backward, silu_forward } from "../silu/wasm";
export { soft_cap_backward, soft_cap_forward } from "../soft-cap/wasm";
export { sum_of_squares } from "../sum-of-squares/wasm";
