import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = x + scale vector at one position of every sequence, or at all of them when position is -1; x, y [rows, d], vector [d]; y may equal x. */
export const addVectorSignature = {
  name: "add_vector",
  args: [
    ["x", "buffer"],
    ["vector", "buffer"],
    ["y", "buffer"],
    ["batch", "int"],
    ["length", "int"],
    ["d", "int"],
    ["scale", "float"],
    ["position", "int"],
  ],
} as const satisfies KernelSignature;
