import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = max(x, 0). */
export const reluForwardSignature = {
  name: "relu_forward",
  args: [
    ["x", "buffer"],
    ["y", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;

/** dX = dY where x > 0, else 0; overwritten; dX may equal dY. */
export const reluBackwardSignature = {
  name: "relu_backward",
  args: [
    ["dY", "buffer"],
    ["x", "buffer"],
    ["dX", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
