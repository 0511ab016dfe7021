import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** probs = causal softmax(scores) [batch, heads, length, length] (0 where a key is not seen), out = probs v [rows, heads dh], with scores = scale q k^T, capped to cap tanh(scores / cap) where softCap > 0; query i sees key j where j <= i and, where window > 0, j > i - window; q [rows, heads dh], k, v [rows, kvHeads dh]: query head h reads key and value head floor(h kvHeads / heads). */
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
    ["kvHeads", "int"],
    ["length", "int"],
    ["dh", "int"],
    ["window", "int"],
    ["scale", "float"],
    ["softCap", "float"],
  ],
} as const satisfies KernelSignature;

/** dQ [rows, heads dh], dK, dV [rows, kvHeads dh] are overwritten; the other arguments as in the forward kernel. */
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
    ["kvHeads", "int"],
    ["length", "int"],
    ["dh", "int"],
    ["window", "int"],
    ["scale", "float"],
    ["softCap", "float"],
  ],
} as const satisfies KernelSignature;
