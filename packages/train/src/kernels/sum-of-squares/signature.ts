import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** out[0] = sum of x[i]^2, in an order that depends only on n. */
export const sumOfSquaresSignature = {
  name: "sum_of_squares",
  args: [
    ["x", "buffer"],
    ["out", "buffer"],
    ["n", "int"],
  ],
} as const satisfies KernelSignature;
