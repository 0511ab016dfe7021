import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** dst[b, g, i, :] = src[b, g, positions[i], :]; src [batch, groups, length, width], positions i32 [count]. */
export const gatherPositionsSignature = {
  name: "gather_positions",
  args: [
    ["src", "buffer"],
    ["positions", "buffer"],
    ["dst", "buffer"],
    ["batch", "int"],
    ["groups", "int"],
    ["length", "int"],
    ["width", "int"],
    ["count", "int"],
  ],
} as const satisfies KernelSignature;
