import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

import { backwardInput, backwardWeight, forward } from "../_internal/dense-native.ts";

export const linearTransposedForwardToOnnx: KernelToOnnx<"linear_transposed_forward"> = (graph, args) =>
  forward(graph, args, true);

export const linearTransposedBackwardInputToOnnx: KernelToOnnx<"linear_transposed_backward_input"> = (graph, args) =>
  backwardInput(graph, args, true);

export const linearTransposedBackwardWeightToOnnx: KernelToOnnx<"linear_transposed_backward_weight"> = (graph, args) =>
  backwardWeight(graph, args, true);
