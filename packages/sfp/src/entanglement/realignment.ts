import { readOfFactors, written } from "./_internal/read-density.ts";
import type { Square } from "./_internal/square.ts";
import type { ComplexMatrix, DensityMatrix, Dimensions } from "./density-matrix.ts";

/** Realignment of a matrix that has been read: row-major `[dA^2, dC^2]` parts. */
export function realigned({ n, re, im }: Square, [dA, dC]: Dimensions): Pick<Square, "re" | "im"> {
  const move = (part: Float64Array): Float64Array => {
    const out = new Float64Array(n * n);
    let at = 0;
    for (let a = 0; a < dA; a++) {
      for (let aTo = 0; aTo < dA; aTo++) {
        for (let c = 0; c < dC; c++) {
          for (let cTo = 0; cTo < dC; cTo++) out[at++] = part[(a * dC + c) * n + aTo * dC + cTo] ?? 0;
        }
      }
    }
    return out;
  };
  return { re: move(re), im: im === undefined ? undefined : move(im) };
}

/**
 * The realignment of a matrix over two factors, `R[(a, a'), (c, c')] = rho[(a, c), (a', c')]`.
 *
 * It has rank one exactly when `rho = X (x) Y`; the sum of its singular values is at most one for a separable state (T22).
 *
 * @param rho - `[dA * dC, dA * dC]`
 * @returns row-major `[dA^2, dC^2]`, complex if `rho` is given so
 * @throws ShapeError if the dimensions do not multiply to the number of rows; InvalidArgumentError if an entry is not finite
 * @example
 * ```ts
 * import { realignment } from "@semifactor/sfp";
 *
 * // X (x) Y with X = [[1, 2], [3, 4]] and Y = [[5]]
 * expect(Array.from(realignment([5, 10, 15, 20], [2, 1]))).toEqual([5, 10, 15, 20]);
 * ```
 */
export function realignment(rho: ArrayLike<number>, dimensions: Dimensions): Float64Array;
export function realignment(rho: ComplexMatrix, dimensions: Dimensions): ComplexMatrix<Float64Array>;
export function realignment(rho: DensityMatrix, dimensions: Dimensions): Float64Array | ComplexMatrix<Float64Array>;
export function realignment(rho: DensityMatrix, dimensions: Dimensions): Float64Array | ComplexMatrix<Float64Array> {
  return written(realigned(readOfFactors("realignment", "rho", rho, dimensions), dimensions));
}
