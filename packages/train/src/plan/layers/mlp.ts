import type { Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";
import { layerNorm } from "./layer-norm.ts";
import { type Activation, linear } from "./linear.ts";

/** Residual stream after the MLP of a block: x + W_out f(W_in LN(x) + b_in) + b_out. `dResidual` holds the gradient of the stream, in place. */
export function mlpLayer(context: Context, block: number, input: Activation, dResidual: BufferReference): Activation {
  const { rows, emit, activation } = context;
  const { dModel: d, dMlp, activation: nonlinearity } = context.config;
  const prefix = `blocks.${block}` as const;
  const n = rows * dMlp;
  const normalized = layerNorm(context, `${prefix}.ln2`, input);

  const pre = activation(`${prefix}.mlp.hook_pre`, [rows, dMlp]);
  const up = linear(context, {
    weight: `${prefix}.mlp.W_in`,
    bias: `${prefix}.mlp.b_in`,
    nIn: d,
    nOut: dMlp,
    input: normalized,
    output: pre,
    residual: 0,
  });
  context.hook(`${prefix}.mlp.hook_pre`, pre);

  const post = activation(`${prefix}.mlp.hook_post`, [rows, dMlp]);
  emit(nonlinearity === "gelu" ? "gelu_forward" : "relu_forward", { x: pre, y: post, n });
  context.hook(`${prefix}.mlp.hook_post`, post);

  const data = activation(`${prefix}.hook_resid_post`, [rows, d]);
  const down = linear(context, {
    weight: `${prefix}.mlp.W_out`,
    bias: `${prefix}.mlp.b_out`,
    nIn: dMlp,
    nOut: d,
    input: { data: post, needsGradient: up.needsGradient },
    output: data,
    residual: input.data,
  });
  const alone = context.captured(`${prefix}.hook_mlp_out`);
  if (alone !== undefined) down.forwardInto(alone);

  context.onBackward(() => {
    const dHidden = activation("gradient.hidden", [rows, dMlp]);
    down.backward(dResidual, dHidden, false);
    if (!up.needsGradient) return;
    emit(nonlinearity === "gelu" ? "gelu_backward" : "relu_backward", { dY: dHidden, x: pre, dX: dHidden, n });
    const dNormalized = activation("gradient.normalized", [rows, d]);
    up.backward(dHidden, dNormalized, false);
    normalized.backward(dNormalized, dResidual);
  });
  return { data, needsGradient: input.needsGradient || down.needsGradient };
}
