// Entry file of the WebAssembly module: every kernel of `kernelSignatures`, under its name, and the scratch pointer.
export { adamw } from "../adamw/wasm";
export { add } from "../add/wasm";
export { add_vector } from "../add-vector/wasm";
export { attention_backward, attention_forward } from "../attention/wasm";
export { clip_scale } from "../clip-scale/wasm";
export { copy } from "../copy/wasm";
export { cross_entropy } from "../cross-entropy/wasm";
export { embed_backward, embed_forward } from "../embed/wasm";
export { fill } from "../fill/wasm";
export { gelu_backward, gelu_forward } from "../gelu/wasm";
export { layer_norm_backward, layer_norm_forward } from "../layer-norm/wasm";
export { linear_backward_input, linear_backward_weight, linear_forward } from "../linear/wasm";
export {
  linear_transposed_backward_input,
  linear_transposed_backward_weight,
  linear_transposed_forward,
} from "../linear-transposed/wasm";
export { reduce_shards } from "../reduce-shards/wasm";
export { relu_backward, relu_forward } from "../relu/wasm";
export { set_scratch } from "./scratch";
export { sum_of_squares } from "../sum-of-squares/wasm";
