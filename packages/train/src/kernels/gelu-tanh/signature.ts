import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), the approximation that GPT-2 and Gemma use. */
export const geluTanhForwardSignature = {
  name: "gelu_tanh_forward",
  args: [
    ["x", "buffer"],
    ["y", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;

/** dX = dY dy/dx, overwritten; dX may equal dY. */
export const geluTanhBackwardSignature = {
  name: "gelu_tanh_backward",
  args: [
    ["dY", "buffer"],
    ["x", "buffer"],
    ["dX", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
