import type { KernelName } from "../../kernels/index.ts";

const word = 4;
const edgeTile = 192;
/** `blockDepth` and `blockRows` of kernels/_wasm/gemm.ts. */
const blockDepth = 256;
const blockRows = 96;

const ceilTo = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

/** Panels of the right factor [k, n], eight columns each, and of blockRows rows of the left factor [m, k], four rows each. */
function gemm(m: number, k: number, n: number): number {
  return edgeTile + word * Math.min(k, blockDepth) * (ceilTo(n, 8) + Math.min(blockRows, ceilTo(m, 4)));
}

/** Transposed keys [dh, T4], four score rows, padded values. */
function attentionForward(length: number, dh: number): number {
  const padded = ceilTo(length, 4);
  return edgeTile + word * (dh * padded + 4 * padded + length * ceilTo(dh, 4));
}

/** Transposed values [dh, T4], slopes and probabilities [T4, T4], padded keys, queries and output gradients; where scores are capped, transposed keys and four score rows. */
function attentionBackward(length: number, dh: number, softCap: number): number {
  const padded = ceilTo(length, 4);
  const recomputed = softCap > 0 ? dh * padded + 4 * padded : 0;
  return edgeTile + word * (dh * padded + 2 * padded * padded + 3 * length * ceilTo(dh, 4) + recomputed);
}

/** Probabilities [T4, T4], padded values. */
function attentionApplyForward(length: number, dh: number): number {
  const padded = ceilTo(length, 4);
  return edgeTile + word * (padded * padded + length * ceilTo(dh, 4));
}

/** Transposed values [dh, T4], probabilities [T4, T4], padded output gradients, four rows of slopes. */
function attentionApplyBackward(length: number, dh: number): number {
  const padded = ceilTo(length, 4);
  return edgeTile + word * (dh * padded + padded * padded + length * ceilTo(dh, 4) + 4 * padded);
}

/** Probabilities and slopes [T4, T4], padded keys and queries; where scores are capped, transposed keys and four score rows. */
function attentionScoresBackward(length: number, dh: number, softCap: number): number {
  const padded = ceilTo(length, 4);
  const recomputed = softCap > 0 ? dh * padded + 4 * padded : 0;
  return edgeTile + word * (2 * padded * padded + 2 * length * ceilTo(dh, 4) + recomputed);
}

/**
 * Bytes of scratch memory that one kernel call may touch (see the layouts in kernels/_wasm/gemm.ts, kernels/attention/wasm.ts,
 * kernels/attention-pattern/wasm.ts and kernels/cross-entropy/wasm.ts); `args` by name, as in the signature.
 */
export function scratchBytes(kernel: KernelName, args: Readonly<Record<string, number>>): number {
  const { rows = 0, nIn = 0, nOut = 0, length = 0, dh = 0, softCap = 0, vocabulary = 0 } = args;
  switch (kernel) {
    case "linear_forward":
    case "linear_transposed_forward":
      return gemm(rows, nIn, nOut);
    case "linear_backward_input":
    case "linear_transposed_backward_input":
      return gemm(rows, nOut, nIn);
    case "linear_backward_weight":
      return gemm(nIn, rows, nOut);
    case "linear_transposed_backward_weight":
      return gemm(nOut, rows, nIn);
    case "attention_forward":
      return attentionForward(length, dh);
    case "attention_backward":
      return attentionBackward(length, dh, softCap);
    case "attention_apply_forward":
      return attentionApplyForward(length, dh);
    case "attention_apply_backward":
      return attentionApplyBackward(length, dh);
    case "attention_scores_backward":
      return attentionScoresBackward(length, dh, softCap);
    case "cross_entropy":
      return word * ceilTo(vocabulary, 4);
    default:
      return 0;
  }
}
