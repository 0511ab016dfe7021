import type { KernelSignature } from "../_internal/kernel-signature.ts";

/** Samples a hidden Markov model: sequence b of the shard is sequence i = source[2] + first[0] + b (u32 arithmetic) of the key (source[0], source[1]); word t of it is half t mod 2 of the threefry block (i, t div 2), word 0 picks the initial state. State s has the outcomes rowStart[s] <= o < rowStart[s + 1] (rowStart i32 [states + 2], the initial distribution last); a word u selects the first outcome with (u xor 2^31, signed) <= last[o], which emits token[o] and leads to next[o]. With bos < 0, tokens are the first and targets the last length of length + 1 symbols; else tokens are bos and the first length - 1 symbols and targets the length symbols. Every weight is weight. All of source, first, rowStart, last, token, next, tokens, targets are i32. */
export const sampleHmmSignature = {
  name: "sample_hmm",
  args: [
    ["source", "buffer"],
    ["first", "buffer"],
    ["rowStart", "buffer"],
    ["last", "buffer"],
    ["token", "buffer"],
    ["next", "buffer"],
    ["tokens", "buffer"],
    ["targets", "buffer"],
    ["weights", "buffer"],
    ["batch", "int"],
    ["length", "int"],
    ["states", "int"],
    ["bos", "int"],
    ["weight", "float"],
  ],
} as const satisfies KernelSignature;
