import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** out = probs v [rows, heads dh] for a pattern that was changed after the softmax; probs [batch, heads, length, length] (entries with key > query are not read), v [rows, kvHeads dh]. */
export const attentionApplyForwardSignature = {
  name: "attention_apply_forward",
  args: [
    ["probs", "buffer"],
    ["v", "buffer"],
    ["out", "buffer"],
    ["batch", "int"],
    ["heads", "int"],
    ["kvHeads", "int"],
    ["length", "int"],
    ["dh", "int"],
  ],
} as const satisfies KernelSignature;

/** dProbs [batch, heads, length, length] (0 where key > query) and dV [rows, kvHeads dh], overwritten. */
export const attentionApplyBackwardSignature = {
  name: "attention_apply_backward",
  args: [
    ["dOut", "buffer"],
    ["probs", "buffer"],
    ["v", "buffer"],
    ["dProbs", "buffer"],
    ["dV", "buffer"],
    ["batch", "int"],
    ["heads", "int"],
    ["kvHeads", "int"],
    ["length", "int"],
    ["dh", "int"],
  ],
} as const satisfies KernelSignature;

/** dQ [rows, heads dh], dK [rows, kvHeads dh], overwritten, from the gradient of the pattern: probs is the softmax that attention_forward wrote; window, scale and softCap as there. */
export const attentionScoresBackwardSignature = {
  name: "attention_scores_backward",
  args: [
    ["dProbs", "buffer"],
    ["q", "buffer"],
    ["k", "buffer"],
    ["probs", "buffer"],
    ["dQ", "buffer"],
    ["dK", "buffer"],
    ["batch", "int"],
    ["heads", "int"],
    ["kvHeads", "int"],
    ["length", "int"],
    ["dh", "int"],
    ["window", "int"],
    ["scale", "float"],
    ["softCap", "float"],
  ],
} as const satisfies KernelSignature;
