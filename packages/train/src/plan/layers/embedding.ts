import type { Activation, Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";

/** Residual stream at the start: s W_E[token] + W_pos[position], [rows, d]; no second term where positions are not learned. */
export function embedding(context: Context, tokens: BufferReference, dResidual: BufferReference): Activation {
  const { batch, length, rows, emit, config } = context;
  const { dModel: d, embeddingScale } = config;
  const n = rows * d;
  const wE = context.parameter("embed.W_E");
  const wPos = context.optionalParameter("pos_embed.W_pos");
  const [dWE, dWPos] = [context.gradient("embed.W_E"), context.gradient("pos_embed.W_pos")];
  const data = context.activation("blocks.0.hook_resid_pre", [rows, d]);
  const sizes = { batch, length, d };
  const watched = (hook: "hook_embed" | "hook_pos_embed"): boolean =>
    context.isActive(hook) || context.captured(hook) !== undefined;
  const apart = embeddingScale !== 1 || watched("hook_embed") || (wPos !== 0 && watched("hook_pos_embed"));

  if (!apart) {
    emit("embed_forward", { tokens, wE, wPos, out: data, ...sizes });
    const needsGradient = dWE !== 0 || dWPos !== 0;
    context.onBackward(() => {
      if (needsGradient) emit("embed_backward", { tokens, dOut: dResidual, dWE, dWPos, ...sizes });
    });
    return { data, needsGradient };
  }

  const own = context.activation("hook_embed", [rows, d]);
  emit("embed_forward", { tokens, wE, wPos: 0, out: own, ...sizes });
  if (embeddingScale !== 1) emit("scale", { x: own, n, factor: embeddingScale });
  const token = context.hook("hook_embed", { data: own, needsGradient: dWE !== 0 });
  emit("copy", { src: token.data, dst: data, n });
  // Positions are looked up as tokens are: in row r the position is r mod length.
  const indices = Int32Array.from({ length: rows }, (_, r) => r % length);
  const positions = wPos === 0 ? undefined : context.constant("position.indices", [rows], indices, "i32");
  let position: Activation | undefined;
  if (positions !== undefined && wPos !== 0) {
    const out = context.activation("hook_pos_embed", [rows, d]);
    emit("embed_forward", { tokens: positions, wE: wPos, wPos: 0, out, ...sizes });
    position = context.hook("hook_pos_embed", { data: out, needsGradient: dWPos !== 0 });
    emit("add", { src: position.data, dst: data, n });
  }
  const gradient = context.activation("gradient.embed", [rows, d]);
  context.onBackward(() => {
    if (positions !== undefined && position?.needsGradient === true) {
      emit("copy", { src: dResidual, dst: gradient, n });
      context.backwardHook("hook_pos_embed", gradient);
      if (dWPos !== 0) {
        emit("embed_backward", { tokens: positions, dOut: gradient, dWE: dWPos, dWPos: 0, ...sizes });
      }
    }
    if (!token.needsGradient) return;
    emit("copy", { src: dResidual, dst: gradient, n });
    context.backwardHook("hook_embed", gradient);
    if (embeddingScale !== 1) emit("scale", { x: gradient, n, factor: embeddingScale });
    if (dWE !== 0) emit("embed_backward", { tokens, dOut: gradient, dWE, dWPos: 0, ...sizes });
  });
  return { data, needsGradient: token.needsGradient || position?.needsGradient === true };
}
