import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** Changes the vectors x[b, g, t, :] of an activation [batch, groups, length, width] in place, each with the strength s = strength[b length + t]; where s = 0 nothing is written. With v = values: mode 0 adds, x += s v; mode 1 projects out, x -= s (x . v) v; mode 2 clamps, x += s (values[width] - x . v) v; mode 3 replaces, x += s (values[b, g, t, :] - x), exactly values where s = 1; mode 4 scales, x_j *= 1 + s v_j. values [width + 1] ([batch, groups, length, width] in mode 3). */
export const interveneForwardSignature = {
  name: "intervene_forward",
  args: [
    ["x", "buffer"],
    ["values", "buffer"],
    ["strength", "buffer"],
    ["batch", "int"],
    ["groups", "int"],
    ["length", "int"],
    ["width", "int"],
    ["mode", "int"],
  ],
} as const satisfies KernelSignature;

/** The gradient d of the changed activation becomes that of the unchanged one, in place: mode 0 leaves it; modes 1 and 2 d -= s (d . v) v; mode 3 d *= 1 - s; mode 4 d_j *= 1 + s v_j. */
export const interveneBackwardSignature = {
  name: "intervene_backward",
  args: [
    ["d", "buffer"],
    ["values", "buffer"],
    ["strength", "buffer"],
    ["batch", "int"],
    ["groups", "int"],
    ["length", "int"],
    ["width", "int"],
    ["mode", "int"],
  ],
} as const satisfies KernelSignature;
