import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** out[r] = wE[tokens[r]] + wPos[r mod length]; tokens i32 [rows], wE [V, d], wPos [nCtx, d] or absent, out [rows, d]. */
export const embedForwardSignature = {
  name: "embed_forward",
  args: [
    ["tokens", "buffer"],
    ["wE", "buffer"],
    ["wPos", "buffer"],
    ["out", "buffer"],
    ["batch", "int"],
    ["length", "int"],
    ["d", "int"],
  ],
} as const satisfies KernelSignature;

/** dWE[tokens[r]] += dOut[r], dWPos[r mod length] += dOut[r]; dWE and dWPos may be absent. */
export const embedBackwardSignature = {
  name: "embed_backward",
  args: [
    ["tokens", "buffer"],
    ["dOut", "buffer"],
    ["dWE", "buffer"],
    ["dWPos", "buffer"],
    ["batch", "int"],
    ["length", "int"],
    ["d", "int"],
  ],
} as const satisfies KernelSignature;
