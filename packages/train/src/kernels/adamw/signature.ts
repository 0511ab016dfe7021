import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** One AdamW step with decoupled decay; scalars = [learning rate, beta1, beta2, epsilon, weight decay, 1 - beta1^t, 1 - beta2^t, clip scale, clip, gradient norm, slot]; decay 0 or 1. */
export const adamwSignature = {
  name: "adamw",
  args: [
    ["param", "buffer"],
    ["grad", "buffer"],
    ["m", "buffer"],
    ["v", "buffer"],
    ["scalars", "buffer"],
    ["n", "int"],
    ["decay", "int"],
  ],
} as const satisfies KernelSignature;
