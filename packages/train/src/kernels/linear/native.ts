import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

import { backwardInput, backwardWeight, forward } from "../_internal/dense-native.ts";

export const linearForwardToOnnx: KernelToOnnx<"linear_forward"> = (graph, args) => forward(graph, args, false);

export const linearBackwardInputToOnnx: KernelToOnnx<"linear_backward_input"> = (graph, args) =>
  backwardInput(graph, args, false);

export const linearBackwardWeightToOnnx: KernelToOnnx<"linear_backward_weight"> = (graph, args) =>
  backwardWeight(graph, args, false);
