import { checkChoice } from "../_internal/checks.ts";
import { readOfFactors, written } from "./_internal/read-density.ts";
import type { Square } from "./_internal/square.ts";
import type { ComplexMatrix, DensityMatrix, Dimensions } from "./density-matrix.ts";

/** The factor that is transposed. */
export interface PartialTransposeOptions {
  /** @defaultValue "second" */
  readonly side?: "first" | "second";
}

/** Partial transpose of a matrix that has been read. */
export function transposeSide({ n, re, im }: Square, [, dC]: Dimensions, side: "first" | "second"): Square {
  const transpose = (part: Float64Array): Float64Array => {
    const out = new Float64Array(n * n);
    for (let row = 0; row < n; row++) {
      const c = row % dC;
      const a = row - c;
      for (let column = 0; column < n; column++) {
        const cTo = column % dC;
        const aTo = column - cTo;
        const at = side === "second" ? (a + cTo) * n + aTo + c : (aTo + c) * n + a + cTo;
        out[at] = part[row * n + column] ?? 0;
      }
    }
    return out;
  };
  return { n, re: transpose(re), im: im === undefined ? undefined : transpose(im) };
}

/**
 * The partial transpose of a matrix over two factors: `rho[(a, c), (a', c')]` moves to `[(a, c'), (a', c)]`, or for
 * `side: "first"` to `[(a', c), (a, c')]`.
 *
 * The two sides are transposes of each other, so they have the same eigenvalues. Separable states keep a positive semidefinite partial
 * transpose (Peres, Phys. Rev. Lett. 77, 1413, 1996).
 *
 * @param rho - `[dA * dC, dA * dC]`
 * @returns of the same shape, complex if `rho` is given so
 * @throws ShapeError if the dimensions do not multiply to the number of rows; InvalidArgumentError if an entry is not finite or `side` is
 * neither
 * @example
 * ```ts
 * import { partialTranspose, pureDensity } from "@semifactor/sfp";
 *
 * const bell = pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
 * const swapped = partialTranspose(bell, [2, 2]);
 * expect(swapped[1 * 4 + 2]).toBeCloseTo(0.5, 14); // from [0, 3]
 * ```
 */
export function partialTranspose(
  rho: ArrayLike<number>,
  dimensions: Dimensions,
  options?: PartialTransposeOptions,
): Float64Array;
export function partialTranspose(
  rho: ComplexMatrix,
  dimensions: Dimensions,
  options?: PartialTransposeOptions,
): ComplexMatrix<Float64Array>;
export function partialTranspose(
  rho: DensityMatrix,
  dimensions: Dimensions,
  options?: PartialTransposeOptions,
): Float64Array | ComplexMatrix<Float64Array>;
export function partialTranspose(
  rho: DensityMatrix,
  dimensions: Dimensions,
  { side = "second" }: PartialTransposeOptions = {},
): Float64Array | ComplexMatrix<Float64Array> {
  checkChoice("partialTranspose", "side", side, ["first", "second"]);
  return written(transposeSide(readOfFactors("partialTranspose", "rho", rho, dimensions), dimensions, side));
}
