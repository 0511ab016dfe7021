import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** dst[i] = src[i]. */
export const copySignature = {
  name: "copy",
  args: [
    ["src", "buffer"],
    ["dst", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
