import type { Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";
import type { Activation } from "./linear.ts";

/** A layer norm and its backward half. */
export interface LayerNorm extends Activation {
  /** dX += the gradient through the norm of dY; also the gradients of gain and bias. */
  backward(dY: BufferReference, dX: BufferReference): void;
}

/** y = layer norm of the residual stream, [rows, d]; `name` is `blocks.i.ln1`, `blocks.i.ln2` or `ln_final`. */
export function layerNorm(
  context: Context,
  name: "ln_final" | `blocks.${number}.${"ln1" | "ln2"}`,
  input: Activation,
): LayerNorm {
  const { rows, emit } = context;
  const { dModel: d, layerNormEpsilon: eps } = context.config;
  const x = input.data;
  const gain = context.parameter(`${name}.w`);
  const [dGain, dBias] = [context.gradient(`${name}.w`), context.gradient(`${name}.b`)];
  const y = context.activation(`${name}.hook_normalized`, [rows, d]);
  const mean = context.activation(`${name}.mean`, [rows]);
  const rstd = context.activation(`${name}.rstd`, [rows]);
  emit("layer_norm_forward", { x, gain, bias: context.parameter(`${name}.b`), y, mean, rstd, rows, d, eps });
  context.hook(`${name}.hook_normalized`, y);
  const needsGradient = input.needsGradient || dGain !== 0 || dBias !== 0;
  return {
    data: y,
    needsGradient,
    backward(dY, dX) {
      if (needsGradient) emit("layer_norm_backward", { dY, x, gain, mean, rstd, dX, dGain, dBias, rows, d });
    },
  };
}
