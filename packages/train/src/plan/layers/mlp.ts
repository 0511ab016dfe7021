import type { KernelName } from "../../kernels/index.ts";
import type { TransformerConfig } from "../../model/config.ts";
import { linearLayers } from "../../model/parameters.ts";
import type { Activation, Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";
import { linear, linearSpec } from "./linear.ts";
import { norm } from "./norm.ts";
import { residualBranch } from "./residual-branch.ts";

/** The kernels of a nonlinearity. */
const nonlinearities = {
  gelu: ["gelu_forward", "gelu_backward"],
  "gelu-tanh": ["gelu_tanh_forward", "gelu_tanh_backward"],
  relu: ["relu_forward", "relu_backward"],
  silu: ["silu_forward", "silu_backward"],
} as const satisfies Record<TransformerConfig["activation"], readonly [KernelName, KernelName]>;

/** Residual stream after the MLP of a block: x + W_out f(W_in norm(x) + b_in) + b_out, or W_out (f(W_gate .) * (W_in .)) where the MLP has a gate. */
export function mlpLayer(context: Context, block: number, input: Activation, dResidual: BufferReference): Activation {
  const { rows, emit, activation, config } = context;
  const { dModel, dMlp, gatedMlp } = config;
  const [forward, backward] = nonlinearities[config.activation];
  const prefix = `blocks.${block}` as const;
  const n = rows * dMlp;
  const layers = linearLayers(config);
  const normalized = norm(context, `${prefix}.ln2`, input);

  /** A projection of the stream to the hidden width, at its hook point. */
  const up = (weight: "in" | "gate", hook: "pre" | "pre_linear") => {
    const name = `${prefix}.mlp.hook_${hook}` as const;
    const output = activation(name, [rows, dMlp]);
    const spec = linearSpec(layers, `${prefix}.mlp.W_${weight}`);
    const layer = linear(context, { ...spec, input: normalized, output, residual: 0 });
    return { layer, name, ...context.hook(name, { data: output, needsGradient: layer.needsGradient }) };
  };
  const pre = up(gatedMlp ? "gate" : "in", "pre");
  const linearHalf = gatedMlp ? up("in", "pre_linear") : undefined;

  const postHook = `${prefix}.mlp.hook_post` as const;
  const activated = activation(gatedMlp ? `${prefix}.mlp.activated` : postHook, [rows, dMlp]);
  emit(forward, { x: pre.data, y: activated, n });
  let hidden = activated;
  if (linearHalf !== undefined) {
    hidden = activation(postHook, [rows, dMlp]);
    emit("multiply_forward", { a: activated, b: linearHalf.data, y: hidden, n });
  }
  const hiddenNeeds = pre.needsGradient || linearHalf?.needsGradient === true;
  const post = context.hook(postHook, { data: hidden, needsGradient: hiddenNeeds });

  const branch = residualBranch(context, {
    stream: input,
    layer: linearSpec(layers, `${prefix}.mlp.W_out`),
    input: post,
    hook: `${prefix}.hook_mlp_out`,
    postNorm: `${prefix}.ln2_post`,
    output: `${prefix}.hook_resid_post`,
  });

  context.onBackward(() => {
    const dHidden = activation("gradient.hidden", [rows, dMlp]);
    branch.backward(dResidual, dHidden);
    if (!post.needsGradient) return;
    context.backwardHook(postHook, dHidden);
    if (!hiddenNeeds) return;
    const dNormalized = activation("gradient.normalized", [rows, dModel]);
    if (linearHalf !== undefined) {
      const dLinear = activation("gradient.hidden.linear", [rows, dMlp]);
      const factors = { a: activated, b: linearHalf.data };
      emit("multiply_backward", { dY: dHidden, ...factors, dA: dHidden, dB: dLinear, n });
      context.backwardHook(linearHalf.name, dLinear);
      linearHalf.layer.backward(dLinear, dNormalized, false);
    }
    emit(backward, { dY: dHidden, x: pre.data, dX: dHidden, n });
    context.backwardHook(pre.name, dHidden);
    pre.layer.backward(dHidden, dNormalized, linearHalf !== undefined);
    if (normalized.needsGradient) normalized.backward(dNormalized, dResidual);
  });
  return branch;
}
