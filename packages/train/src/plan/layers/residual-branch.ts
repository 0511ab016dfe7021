import type { HookPoint } from "../../model/hook-points.ts";
import type { LinearSpec } from "../../model/parameters.ts";
import type { Activation, Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";
import { linear } from "./linear.ts";
import { type NormName, norm } from "./norm.ts";

/** What attention or an MLP adds to the residual stream. */
export interface BranchOptions {
  /** The stream that the branch is added to. */
  readonly stream: Activation;
  /** The last linear layer of the branch and its input. */
  readonly layer: LinearSpec;
  readonly input: Activation;
  /** Hook point of what is added. */
  readonly hook: HookPoint;
  /** Name of the norm after the layer, where the model has one. */
  readonly postNorm: NormName;
  /** Name of the buffer of the sum. */
  readonly output: string;
}

/** The stream after a branch, and the backward half. */
export interface Branch extends Activation {
  /** From the gradient of the sum: the gradients in the branch and, if it is needed, that of its input, dX. */
  backward(dResidual: BufferReference, dX: BufferReference): void;
}

/**
 * stream + norm(input W + b), the norm only where the model has norms after its layers.
 *
 * Without such a norm the sum is fused into the layer. Where the branch is changed at its hook point the difference is added to the fused sum, so that rows
 * that are not changed keep their bits.
 */
export function residualBranch(context: Context, options: BranchOptions): Branch {
  const { stream, layer: spec, input, hook, postNorm } = options;
  const { rows, emit } = context;
  const { dModel: d, postNormalization } = context.config;
  const n = rows * d;
  const data = context.activation(options.output, [rows, d]);
  const own = context.activation(postNormalization ? `${postNorm}.input` : hook, [rows, d]);

  if (postNormalization) {
    const layer = linear(context, { ...spec, input, output: own, residual: 0 });
    const normalized = norm(context, postNorm, { data: own, needsGradient: layer.needsGradient });
    const changed = context.hook(hook, normalized);
    emit("copy", { src: stream.data, dst: data, n });
    emit("add", { src: changed.data, dst: data, n });
    return {
      data,
      needsGradient: stream.needsGradient || changed.needsGradient,
      backward(dResidual, dX) {
        if (!changed.needsGradient) return;
        const dBranch = context.activation("gradient.branch", [rows, d]);
        emit("copy", { src: dResidual, dst: dBranch, n });
        context.backwardHook(hook, dBranch);
        if (!normalized.needsGradient) return;
        const dOwn = context.activation("gradient.branch.input", [rows, d]);
        emit("fill", { buffer: dOwn, value: 0, n });
        normalized.backward(dBranch, dOwn);
        if (layer.needsGradient) layer.backward(dOwn, dX, false);
      },
    };
  }

  const layer = linear(context, { ...spec, input, output: data, residual: stream.data });
  let changed: Activation = { data, needsGradient: layer.needsGradient };
  const active = context.isActive(hook);
  if (active || context.captured(hook) !== undefined) {
    layer.forwardInto(own);
    changed = context.hook(hook, { data: own, needsGradient: layer.needsGradient });
    if (changed.data !== own) {
      emit("scale", { x: own, n, factor: -1 });
      emit("add", { src: own, dst: changed.data, n });
      emit("add", { src: changed.data, dst: data, n });
    }
  }
  return {
    data,
    needsGradient: stream.needsGradient || changed.needsGradient,
    backward(dResidual, dX) {
      if (!changed.needsGradient) return;
      if (!active) return layer.backward(dResidual, dX, false);
      const dBranch = context.activation("gradient.branch", [rows, d]);
      emit("copy", { src: dResidual, dst: dBranch, n });
      context.backwardHook(hook, dBranch);
      if (layer.needsGradient) layer.backward(dBranch, dX, false);
    },
  };
}
