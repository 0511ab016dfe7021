import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = x with the first rotaryDim coordinates of every head rotated by the angles of its position; table [length, rotaryDim]: in row t the cosines of the rotaryDim / 2 angles, then their sines. Pair i is (i, i + rotaryDim / 2), or (2 i, 2 i + 1) where interleaved is 1. direction 1 rotates, -1 rotates back (the backward pass). x, y [batch length, heads dh]; y may equal x. */
export const rotarySignature = {
  name: "rotary",
  args: [
    ["x", "buffer"],
    ["table", "buffer"],
    ["y", "buffer"],
    ["batch", "int"],
    ["length", "int"],
    ["heads", "int"],
    ["dh", "int"],
    ["rotaryDim", "int"],
    ["interleaved", "int"],
    ["direction", "float"],
  ],
} as const satisfies KernelSignature;
