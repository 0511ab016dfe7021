import { type EntropyOptions, singularValueDecomposition } from "@semifactor/ghmm";
import { checkChoice, checkRange } from "../_internal/checks.ts";
import { spectrumEntropy } from "./_internal/spectrum-entropy.ts";
import type { Dimensions } from "./density-matrix.ts";
import { amplitudeState, squareRootState } from "./embeddings.ts";

/** Options of {@link schmidt}. */
export interface SchmidtOptions extends EntropyOptions {
  /**
   * The pure state that the belief is embedded as: `sqrt`, `psi = sqrt(b)` for probabilities, or `amplitude`, `psi = b / |b|_2` for
   * vectors with entries of both signs. @defaultValue "sqrt"
   */
  readonly embedding?: "sqrt" | "amplitude";
  /** Coefficients above this fraction of the largest count in the rank. @defaultValue 1e-10 */
  readonly tolerance?: number;
}

/** A Schmidt decomposition. */
export interface SchmidtDecomposition {
  /** Schmidt coefficients `s`, `[min(dA, dC)]`, largest first; the sum of their squares is one. */
  readonly coefficients: Float64Array;
  /** Number of coefficients that are not zero: one for a product. */
  readonly rank: number;
  /** Entropy of the squares, `-sum s^2 log s^2`, in `unit` (bits by default). */
  readonly entropy: number;
}

/**
 * Schmidt decomposition of a belief over two factors, embedded as a pure state: singular values of `psi` as a `[dA, dC]` matrix.
 *
 * Rank one, and entropy zero, exactly when the belief is a product (T19). With the square-root embedding
 * `I(A:C) <= entropy <= log min(dA, dC)` (T20). A belief is a classical distribution, whose only correlation that does not depend on
 * coordinates is its mutual information; this entropy is that of a coherent encoding of it, zero when `I` is zero and at least as large,
 * and no quantum resource.
 *
 * @param belief - `[dA * dC]`
 * @throws InvalidArgumentError if an entry is not finite, or negative with the `sqrt` embedding, or an option is out of range
 * @throws NotNormalizedError if the `sqrt` embedding gets a belief whose sum is not one (1e-9)
 * @throws ShapeError if the dimensions do not multiply to the number of states
 * @example
 * ```ts
 * import { schmidt } from "@semifactor/sfp";
 *
 * expect(schmidt([0.5, 0, 0, 0.5], [2, 2]).entropy).toBeCloseTo(1, 14);
 * expect(schmidt([0.06, 0.14, 0.24, 0.56], [2, 2]).rank).toBe(1);
 * const signed = schmidt([0.5, 0.5, 0.5, -0.5], [2, 2], { embedding: "amplitude" });
 * expect(Array.from(signed.coefficients)).toEqual([Math.SQRT1_2, Math.SQRT1_2].map((s) => expect.closeTo(s, 14)));
 * ```
 */
export function schmidt(
  belief: ArrayLike<number>,
  dimensions: Dimensions,
  options: SchmidtOptions = {},
): SchmidtDecomposition {
  const { embedding = "sqrt", tolerance = 1e-10, unit = "bits" } = options;
  checkChoice("schmidt", "embedding", embedding, ["sqrt", "amplitude"]);
  checkRange("schmidt", "tolerance", tolerance, 0, 1);
  const psi = embedding === "sqrt" ? squareRootState(belief, dimensions) : amplitudeState(belief, dimensions);
  const { values } = singularValueDecomposition(psi, [dimensions[0], dimensions[1]]);
  const length = Math.hypot(...values);
  const coefficients = values.map((value) => value / length);
  const limit = tolerance * (coefficients[0] ?? 0);
  const squares = coefficients.map((s) => s ** 2);
  return {
    coefficients,
    rank: coefficients.filter((s) => s > limit).length,
    entropy: spectrumEntropy("schmidt", squares, { unit, clip: 0 }),
  };
}
