import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** y = (x - mean) rstd gain + bias; x, y [rows, d], gain, bias [d] (bias may be absent), mean, rstd [rows]. */
export const layerNormForwardSignature = {
  name: "layer_norm_forward",
  args: [
    ["x", "buffer"],
    ["gain", "buffer"],
    ["bias", "buffer"],
    ["y", "buffer"],
    ["mean", "buffer"],
    ["rstd", "buffer"],
    ["rows", "int"],
    ["d", "int"],
    ["eps", "float"],
  ],
} as const satisfies KernelSignature;

/** dX +=, dGain +=, dBias += ; each of the three may be absent. */
export const layerNormBackwardSignature = {
  name: "layer_norm_backward",
  args: [
    ["dY", "buffer"],
    ["x", "buffer"],
    ["gain", "buffer"],
    ["mean", "buffer"],
    ["rstd", "buffer"],
    ["dX", "buffer"],
    ["dGain", "buffer"],
    ["dBias", "buffer"],
    ["rows", "int"],
    ["d", "int"],
  ],
} as const satisfies KernelSignature;
