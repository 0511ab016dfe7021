import type { Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";
import type { Activation } from "./linear.ts";

/** Residual stream at the start: W_E[token] + W_pos[position], [rows, d]. */
export function embedding(context: Context, tokens: BufferReference, dResidual: BufferReference): Activation {
  const { batch, length, emit } = context;
  const { dModel: d, vocabularySize, nCtx } = context.config;
  const [wE, wPos] = [context.parameter("embed.W_E"), context.parameter("pos_embed.W_pos")];
  const [dWE, dWPos] = [context.gradient("embed.W_E"), context.gradient("pos_embed.W_pos")];
  const data = context.activation("blocks.0.hook_resid_pre", [context.rows, d]);
  emit("embed_forward", { tokens, wE, wPos, out: data, batch, length, d });

  // Each half alone, for whoever captures it: the other half is replaced by a buffer that stays zero.
  const token = context.captured("hook_embed");
  const position = context.captured("hook_pos_embed");
  if (token !== undefined || position !== undefined) {
    const zeros = context.builder.allocate("zeros", "shared", [Math.max(vocabularySize, nCtx), d]);
    if (token !== undefined) emit("embed_forward", { tokens, wE, wPos: zeros, out: token, batch, length, d });
    if (position !== undefined) emit("embed_forward", { tokens, wE: zeros, wPos, out: position, batch, length, d });
  }

  const needsGradient = dWE !== 0 || dWPos !== 0;
  context.onBackward(() => {
    if (needsGradient) emit("embed_backward", { tokens, dOut: dResidual, dWE, dWPos, batch, length, d });
  });
  return { data, needsGradient };
}
