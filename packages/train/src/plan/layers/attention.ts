import type { Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";
import { layerNorm } from "./layer-norm.ts";
import { type Activation, type LinearLayer, linear } from "./linear.ts";

/** Residual stream after the attention of a block: x + W_O attention(LN(x)) + b_O. `dResidual` holds the gradient of the stream, in place. */
export function attentionLayer(
  context: Context,
  block: number,
  input: Activation,
  dResidual: BufferReference,
): Activation {
  const { batch, length, rows, emit, activation } = context;
  const { dModel: d, nHeads: heads } = context.config;
  const dh = d / heads;
  const prefix = `blocks.${block}` as const;
  const normalized = layerNorm(context, `${prefix}.ln1`, input);

  const project = (letter: "Q" | "K" | "V", hook: "q" | "k" | "v"): { data: BufferReference; layer: LinearLayer } => {
    const data = activation(`${prefix}.attn.hook_${hook}`, [rows, d]);
    const [weight, bias] = [`${prefix}.attn.W_${letter}`, `${prefix}.attn.b_${letter}`];
    const layer = linear(context, { weight, bias, nIn: d, nOut: d, input: normalized, output: data, residual: 0 });
    context.hook(`${prefix}.attn.hook_${hook}`, data);
    return { data, layer };
  };
  const [q, k, v] = [project("Q", "q"), project("K", "k"), project("V", "v")];

  const probs = activation(`${prefix}.attn.hook_pattern`, [batch, heads, length, length]);
  const z = activation(`${prefix}.attn.hook_z`, [rows, d]);
  const inputs = { q: q.data, k: k.data, v: v.data, probs };
  emit("attention_forward", { ...inputs, out: z, batch, heads, length, dh });
  context.hook(`${prefix}.attn.hook_pattern`, probs);
  context.hook(`${prefix}.attn.hook_z`, z);

  const data = activation(`${prefix}.hook_resid_mid`, [rows, d]);
  const zNeeds = [q, k, v].some(({ layer }) => layer.needsGradient);
  const output = linear(context, {
    weight: `${prefix}.attn.W_O`,
    bias: `${prefix}.attn.b_O`,
    nIn: d,
    nOut: d,
    input: { data: z, needsGradient: zNeeds },
    output: data,
    residual: input.data,
  });
  const alone = context.captured(`${prefix}.hook_attn_out`);
  if (alone !== undefined) output.forwardInto(alone);

  context.onBackward(() => {
    const dZ = activation("gradient.z", [rows, d]);
    output.backward(dResidual, dZ, false);
    if (!zNeeds) return;
    const [dQ, dK, dV] = [
      activation("gradient.q", [rows, d]),
      activation("gradient.k", [rows, d]),
      activation("gradient.v", [rows, d]),
    ];
    emit("attention_backward", { dOut: dZ, ...inputs, dQ, dK, dV, batch, heads, length, dh });
    const dNormalized = activation("gradient.normalized", [rows, d]);
    q.layer.backward(dQ, dNormalized, false);
    k.layer.backward(dK, dNormalized, true);
    v.layer.backward(dV, dNormalized, true);
    normalized.backward(dNormalized, dResidual);
  });
  return { data, needsGradient: input.needsGradient || output.needsGradient };
}
