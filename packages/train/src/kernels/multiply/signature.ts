import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y[i] = a[i] b[i]. */
export const multiplyForwardSignature = {
  name: "multiply_forward",
  args: [
    ["a", "buffer"],
    ["b", "buffer"],
    ["y", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;

/** dA = dY b, dB = dY a, overwritten; dA may equal dY. */
export const multiplyBackwardSignature = {
  name: "multiply_backward",
  args: [
    ["dY", "buffer"],
    ["a", "buffer"],
    ["b", "buffer"],
    ["dA", "buffer"],
    ["dB", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
