import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = cap tanh(x / cap); y may equal x. */
export const softCapForwardSignature = {
  name: "soft_cap_forward",
  args: [
    ["x", "buffer"],
    ["y", "buffer"],
    ["n", "int"],
    ["cap", "float"],
  ],
} as const satisfies KernelSignature;

/** dX = dY (1 - (y / cap)^2), overwritten; dX may equal dY. */
export const softCapBackwardSignature = {
  name: "soft_cap_backward",
  args: [
    ["dY", "buffer"],
    ["y", "buffer"],
    ["dX", "buffer"],
    ["n", "int"],
    ["cap", "float"],
  ],
} as const satisfies KernelSignature;
