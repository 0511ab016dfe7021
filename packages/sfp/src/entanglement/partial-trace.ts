import { checkChoice, checkObject } from "../_internal/checks.ts";
import { readOfFactors, written } from "./_internal/read-density.ts";
import type { Square } from "./_internal/square.ts";
import type { ComplexMatrix, DensityMatrix, Dimensions } from "./density-matrix.ts";

/** The factor that stays. */
export interface PartialTraceOptions {
  readonly keep: "first" | "second";
}

/** Partial trace of a matrix that has been read. */
export function traceOut({ n, re, im }: Square, [dA, dC]: Dimensions, keep: "first" | "second"): Square {
  const isFirst = keep === "first";
  const [d, other] = isFirst ? [dA, dC] : [dC, dA];
  const [stride, inner] = isFirst ? [dC, 1] : [1, dC];
  const reduce = (part: Float64Array): Float64Array => {
    const out = new Float64Array(d * d);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        let sum = 0;
        for (let k = 0; k < other; k++) sum += part[(i * stride + k * inner) * n + j * stride + k * inner] ?? 0;
        out[i * d + j] = sum;
      }
    }
    return out;
  };
  return { n: d, re: reduce(re), im: im === undefined ? undefined : reduce(im) };
}

/**
 * The state of one factor: `rho_A[a, a'] = sum_c rho[(a, c), (a', c)]`, or `rho_C[c, c'] = sum_a rho[(a, c), (a, c')]`.
 *
 * Linear, so any square matrix will do.
 *
 * @param rho - `[dA * dC, dA * dC]`
 * @returns `[dA, dA]` or `[dC, dC]`, complex if `rho` is given so
 * @throws ShapeError if the dimensions do not multiply to the number of rows; InvalidArgumentError if an entry is not finite or `keep` is
 * neither
 * @example
 * ```ts
 * import { partialTrace, pureDensity } from "@semifactor/sfp";
 *
 * const bell = pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
 * expect(Array.from(partialTrace(bell, [2, 2], { keep: "first" }))).toEqual([0.5, 0, 0, 0.5].map((p) => expect.closeTo(p, 14)));
 * ```
 */
export function partialTrace(
  rho: ArrayLike<number>,
  dimensions: Dimensions,
  options: PartialTraceOptions,
): Float64Array;
export function partialTrace(
  rho: ComplexMatrix,
  dimensions: Dimensions,
  options: PartialTraceOptions,
): ComplexMatrix<Float64Array>;
export function partialTrace(
  rho: DensityMatrix,
  dimensions: Dimensions,
  options: PartialTraceOptions,
): Float64Array | ComplexMatrix<Float64Array>;
export function partialTrace(
  rho: DensityMatrix,
  dimensions: Dimensions,
  options: PartialTraceOptions,
): Float64Array | ComplexMatrix<Float64Array> {
  checkObject("partialTrace", "options", options);
  const { keep } = options;
  checkChoice("partialTrace", "keep", keep, ["first", "second"]);
  return written(traceOut(readOfFactors("partialTrace", "rho", rho, dimensions), dimensions, keep));
}
