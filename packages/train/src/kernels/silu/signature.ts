import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = x sigmoid(x). */
export const siluForwardSignature = {
  name: "silu_forward",
  args: [
    ["x", "buffer"],
    ["y", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;

/** dX = dY sigmoid(x) (1 + x (1 - sigmoid(x))), overwritten; dX may equal dY. */
export const siluBackwardSignature = {
  name: "silu_backward",
  args: [
    ["dY", "buffer"],
    ["x", "buffer"],
    ["dX", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
