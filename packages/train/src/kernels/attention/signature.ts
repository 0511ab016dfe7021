import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** probs = causal softmax(q k^T / sqrt(dh)) [batch, heads, length, length] (0 above the diagonal), out = probs v [rows, heads dh]; q, k, v [rows, heads dh]. */
export const attentionForwardSignature = {
  name: "attention_forward",
  args: [
    ["q", "buffer"],
    ["k", "buffer"],
    ["v", "buffer"],
    ["probs", "buffer"],
    ["out", "buffer"],
    ["batch", "int"],
    ["heads", "int"],
    ["length", "int"],
    ["dh", "int"],
  ],
} as const satisfies KernelSignature;

/** dQ, dK, dV [rows, heads dh] are overwritten. */
export const attentionBackwardSignature = {
  name: "attention_backward",
  args: [
    ["dOut", "buffer"],
    ["q", "buffer"],
    ["k", "buffer"],
    ["v", "buffer"],
    ["probs", "buffer"],
    ["dQ", "buffer"],
    ["dK", "buffer"],
    ["dV", "buffer"],
    ["batch", "int"],
    ["heads", "int"],
    ["length", "int"],
    ["dh", "int"],
  ],
} as const satisfies KernelSignature;
