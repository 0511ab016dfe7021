import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** One step of stochastic gradient descent as in PyTorch: g = clipScale grad + weightDecay param (the second term where decay is 1), m = momentum m + g, param -= learningRate m; scalars as for adamw, momentum in the place of beta1. */
export const sgdSignature = {
  name: "sgd",
  args: [
    ["param", "buffer"],
    ["grad", "buffer"],
    ["m", "buffer"],
    ["scalars", "buffer"],
    ["n", "int"],
    ["decay", "int"],
  ],
} as const satisfies KernelSignature;
