import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** rowLoss = -ln softmax(logits)[target] in nats (unweighted; 0 where target < 0), dLogits = weight (softmax(logits) - onehot(target)) (0 where target < 0); logits [rows, vocabulary], targets i32 [rows]; dLogits may be absent (forward only). */
export const crossEntropySignature = {
  name: "cross_entropy",
  args: [
    ["logits", "buffer"],
    ["targets", "buffer"],
    ["weights", "buffer"],
    ["rowLoss", "buffer"],
    ["dLogits", "buffer"],
    ["rows", "int"],
    ["vocabulary", "int"],
  ],
} as const satisfies KernelSignature;
