import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** scalars[9] = sqrt(sumsq) (the global gradient norm); scalars[7] = min(1, clip / (norm + 1e-6)) with clip = scalars[8], or 1 when clip <= 0. */
export const clipScaleSignature = {
  name: "clip_scale",
  args: [
    ["sumsq", "buffer"],
    ["scalars", "buffer"],
  ],
} as const satisfies KernelSignature;
