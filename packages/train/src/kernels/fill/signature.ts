import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** buffer[i] = value. */
export const fillSignature = {
  name: "fill",
  args: [
    ["buffer", "buffer"],
    ["value", "float"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
