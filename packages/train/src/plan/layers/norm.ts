import type { HookPoint } from "../../model/hook-points.ts";
import type { Activation, Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";

/** A norm and its backward half. */
export interface Norm extends Activation {
  /** dX += the gradient through the norm of dY, which is used up; also the gradients of gain and bias. */
  backward(dY: BufferReference, dX: BufferReference): void;
}

/** The places of a norm: the prefix of its parameters and of its hook point. */
export type NormName = "ln_final" | `blocks.${number}.${"ln1" | "ln1_post" | "ln2" | "ln2_post"}`;

/** y = layer norm or RMS norm of an activation of the stream's width, [rows, d]; the activation itself where the model has no norms. */
export function norm(context: Context, name: NormName, input: Activation): Norm {
  const { rows, emit } = context;
  const { dModel: d, layerNormEpsilon: eps, normalization } = context.config;
  if (normalization === "none") {
    return {
      ...input,
      backward(dY, dX) {
        if (input.needsGradient) emit("add", { src: dY, dst: dX, n: rows * d });
      },
    };
  }
  const x = input.data;
  const hook: HookPoint = `${name}.hook_normalized`;
  const gain = context.parameter(`${name}.w`);
  const bias = context.optionalParameter(`${name}.b`);
  const [dGain, dBias] = [context.gradient(`${name}.w`), context.gradient(`${name}.b`)];
  const y = context.activation(hook, [rows, d]);
  const rstd = context.activation(`${name}.rstd`, [rows]);
  const needed = input.needsGradient || dGain !== 0 || dBias !== 0;
  // A gradient that is needed only at the hook point stops there: nothing before it is trained.
  const dInput = (dX: BufferReference) => (input.needsGradient ? dX : 0);
  if (normalization === "pre-rms-norm") {
    emit("rms_norm_forward", { x, gain, y, rstd, rows, d, eps });
    return {
      ...context.hook(hook, { data: y, needsGradient: needed }),
      backward(dY, dX) {
        context.backwardHook(hook, dY);
        if (needed) emit("rms_norm_backward", { dY, x, gain, rstd, dX: dInput(dX), dGain, rows, d });
      },
    };
  }
  const mean = context.activation(`${name}.mean`, [rows]);
  emit("layer_norm_forward", { x, gain, bias, y, mean, rstd, rows, d, eps });
  return {
    ...context.hook(hook, { data: y, needsGradient: needed }),
    backward(dY, dX) {
      context.backwardHook(hook, dY);
      if (needed) emit("layer_norm_backward", { dY, x, gain, mean, rstd, dX: dInput(dX), dGain, dBias, rows, d });
    },
  };
}
