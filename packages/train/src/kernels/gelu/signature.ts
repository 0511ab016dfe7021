import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = x Phi(x), Phi the normal distribution function (exact, by erf). */
export const geluForwardSignature = {
  name: "gelu_forward",
  args: [
    ["x", "buffer"],
    ["y", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;

/** dX = dY (Phi(x) + x phi(x)), overwritten; dX may equal dY. */
export const geluBackwardSignature = {
  name: "gelu_backward",
  args: [
    ["dY", "buffer"],
    ["x", "buffer"],
    ["dX", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
