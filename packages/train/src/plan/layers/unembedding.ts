import type { Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";
import { layerNorm } from "./layer-norm.ts";
import { type Activation, linear } from "./linear.ts";

/** logits [rows, outputSize] = LN(x) W_U + b_U. The backward pass starts the gradient of the residual stream in `dResidual` from `dLogits`. */
export function unembedding(
  context: Context,
  input: Activation,
  logits: BufferReference,
  dLogits: BufferReference,
  dResidual: BufferReference,
): void {
  const { rows, emit } = context;
  const { dModel, outputSize, tiedUnembedding } = context.config;
  const normalized = layerNorm(context, "ln_final", input);
  const layer = linear(context, {
    weight: "unembed.W_U",
    bias: "unembed.b_U",
    nIn: dModel,
    nOut: outputSize,
    input: normalized,
    output: logits,
    residual: 0,
    ...(tiedUnembedding ? { tiedTo: "embed.W_E" } : {}),
  });
  context.onBackward(() => {
    const dNormalized = context.activation("gradient.normalized", [rows, dModel]);
    layer.backward(dLogits, dNormalized, false);
    if (!normalized.needsGradient) return;
    emit("fill", { buffer: dResidual, value: 0, n: rows * dModel });
    normalized.backward(dNormalized, dResidual);
  });
}
