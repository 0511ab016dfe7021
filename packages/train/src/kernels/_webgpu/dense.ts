import type { WebgpuArguments, WebgpuKernel } from "../../engines/webgpu/webgpu-kernel.ts";
import { gemmKernel } from "./gemm.ts";

/** How a weight matrix lies in memory: distance between two inputs and between two outputs, WGSL expressions. */
export interface WeightLayout {
  readonly perInput: string;
  readonly perOutput: string;
}

const sizeOf = (args: WebgpuArguments, name: string): number => args[name] ?? 0;

/** y [rows, nOut] = residual + scale (x [rows, nIn] w) + bias [nOut]. */
export function denseForward({ perInput, perOutput }: WeightLayout): WebgpuKernel {
  return gemmKernel(
    (absent) => ({
      m: "p.rows",
      n: "p.nOut",
      k: "p.nIn",
      left: { buffer: "x", outer: "p.nIn", inner: "1u" },
      right: { buffer: "w", outer: perOutput, inner: perInput },
      finish: `let at = row * p.nOut + column;
y_put(at, p.scale * sum${absent.has("bias") ? "" : " + bias_at(column)"}${absent.has("residual") ? "" : " + residual_at(at)"});`,
    }),
    (args) => ({ m: sizeOf(args, "rows"), n: sizeOf(args, "nOut") }),
  );
}

/** dX [rows, nIn] = scale dY [rows, nOut] w^T, or += where `accumulate` is 1. */
export function denseBackwardInput({ perInput, perOutput }: WeightLayout): WebgpuKernel {
  return gemmKernel(
    () => ({
      m: "p.rows",
      n: "p.nIn",
      k: "p.nOut",
      left: { buffer: "dY", outer: "p.nOut", inner: "1u" },
      right: { buffer: "w", outer: perInput, inner: perOutput },
      finish: `let at = row * p.nIn + column;
dX_put(at, p.scale * sum + select(0.0, dX_at(at), p.accumulate == 1u));`,
    }),
    (args) => ({ m: sizeOf(args, "rows"), n: sizeOf(args, "nIn") }),
  );
}

/** dW [outer, inner] += scale left^T right in the layout of the weight, dBias += column sums of dY; a size is 0 where neither is there. */
function weightKernel(left: "x" | "dY", right: "x" | "dY"): WebgpuKernel {
  const columns = { x: "nIn", dY: "nOut" };
  const [m, n] = [columns[left], columns[right]];
  return gemmKernel(
    (absent) => ({
      m: `p.${m}`,
      n: `p.${n}`,
      k: "p.rows",
      left: { buffer: left, outer: "1u", inner: `p.${m}` },
      right: { buffer: right, outer: "1u", inner: `p.${n}` },
      finish: absent.has("dW") ? undefined : `let at = row * p.${n} + column;\ndW_put(at, dW_at(at) + p.scale * sum);`,
      ...(absent.has("dBias")
        ? {}
        : {
            sums: { of: left === "dY" ? "left" : "right", finish: "dBias_put(outer, dBias_at(outer) + sum);" } as const,
          }),
    }),
    (args) => ({ m: sizeOf(args, m), n: sizeOf(args, n) }),
  );
}

/** dW [nIn, nOut] += scale x^T dY, dBias += column sums of dY; either may be absent. */
export const denseBackwardWeight: WebgpuKernel = weightKernel("x", "dY");

/** dW [nOut, nIn] += scale dY^T x, dBias += column sums of dY; either may be absent. */
export const denseBackwardWeightTransposed: WebgpuKernel = weightKernel("dY", "x");
