import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** x[i] *= factor. */
export const scaleSignature = {
  name: "scale",
  args: [
    ["x", "buffer"],
    ["n", "int"],
    ["factor", "float"],
  ],
} as const satisfies KernelSignature;
