import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = x rstd gain with rstd = 1 / sqrt(mean(x^2) + eps); x, y [rows, d], gain [d], rstd [rows]. */
export const rmsNormForwardSignature = {
  name: "rms_norm_forward",
  args: [
    ["x", "buffer"],
    ["gain", "buffer"],
    ["y", "buffer"],
    ["rstd", "buffer"],
    ["rows", "int"],
    ["d", "int"],
    ["eps", "float"],
  ],
} as const satisfies KernelSignature;

/** dX +=, dGain += ; each of the two may be absent. */
export const rmsNormBackwardSignature = {
  name: "rms_norm_backward",
  args: [
    ["dY", "buffer"],
    ["x", "buffer"],
    ["gain", "buffer"],
    ["rstd", "buffer"],
    ["dX", "buffer"],
    ["dGain", "buffer"],
    ["rows", "int"],
    ["d", "int"],
  ],
} as const satisfies KernelSignature;
