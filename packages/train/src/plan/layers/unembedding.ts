import { linearLayers } from "../../model/parameters.ts";
import type { Activation, Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";
import { linear, linearSpec } from "./linear.ts";
import { norm } from "./norm.ts";

/**
 * logits [rows, outputSize] = norm(x) W_U + b_U, capped where the model caps them. The backward pass starts the gradient of the residual stream in `dResidual` from
 * `dLogits`, which is used up.
 */
export function unembedding(
  context: Context,
  input: Activation,
  logits: BufferReference,
  dLogits: BufferReference,
  dResidual: BufferReference,
): void {
  const { rows, emit } = context;
  const { dModel, outputSize, tiedUnembedding, outputSoftCap: cap } = context.config;
  const n = rows * outputSize;
  const normalized = norm(context, "ln_final", input);
  const layer = linear(context, {
    ...linearSpec(linearLayers(context.config), "unembed.W_U"),
    input: normalized,
    output: logits,
    residual: 0,
    ...(tiedUnembedding ? { tiedTo: "embed.W_E" } : {}),
  });
  if (cap > 0) emit("soft_cap_forward", { x: logits, y: logits, n, cap });
  context.onBackward(() => {
    if (cap > 0) emit("soft_cap_backward", { dY: dLogits, y: logits, dX: dLogits, n, cap });
    const dNormalized = context.activation("gradient.normalized", [rows, dModel]);
    layer.backward(dLogits, dNormalized, false);
    if (!normalized.needsGradient) return;
    emit("fill", { buffer: dResidual, value: 0, n: rows * dModel });
    normalized.backward(dNormalized, dResidual);
  });
}
