import { type EntropyOptions, shannonEntropy, singularValueDecomposition } from "@semifactor/ghmm";
import type { Dimensions } from "../entanglement/density-matrix.ts";
import { realignment } from "../entanglement/realignment.ts";
import { checkOperator } from "./_internal/check-operator.ts";

/** Singular values at most this fraction of the largest do not count towards a rank. */
const ZERO = 1e-10;

/** What {@link operatorSchmidt} returns. */
export interface OperatorSchmidt {
  /** Singular values divided by their 2-norm, descending: their squares sum to 1; all 0 for the zero operator. `[min(dA^2, dC^2)]` */
  readonly coefficients: Float64Array;
  /** Singular values of the realigned operator, descending: their squares sum to the squared Frobenius norm. */
  readonly singularValues: Float64Array;
  /** Number of singular values above 1e-10 of the largest: how many products the operator is a sum of, at least. */
  readonly rank: number;
  /** Entropy of the squared coefficients, from 0 for a product to `log min(dA^2, dC^2)`; in bits unless `unit` says nats. */
  readonly entropy: number;
}

/**
 * Operator-Schmidt decomposition of an operator on a product of two spaces, `T = sum_k s_k A_k (x) C_k`: the singular values `s_k` of
 * the realigned matrix `R[(a, a'), (c, c')] = T[(a, c), (a', c')]`.
 *
 * One coefficient is not zero exactly if `T = A (x) C`. The entropy `-sum_k p_k log p_k`, `p_k = s_k^2 / sum s^2`, measures the
 * dynamics and not a belief: it sees a process whose beliefs become products although its operators are not (2.5 of the theory notes).
 * Changes of basis inside each factor keep the rank; only orthogonal ones keep the entropy (T24).
 *
 * @param operator - row-major `[d, d]` with `d = dA * dC`, joint index `(a, c) -> a * dC + c`
 * @param dimensions - `[dA, dC]`
 * @throws ShapeError if the operator has not `(dA * dC)^2` entries
 * @throws InvalidArgumentError if an entry is not finite, a dimension is not a positive integer, or the unit is unknown
 * @example
 * ```ts
 * import { families, operatorSchmidt } from "@semifactor/sfp";
 *
 * const semi = families.personaZ1r({ variant: "semi" });
 * const { rank, entropy } = operatorSchmidt(semi.operator(0), [2, 3]);
 * expect(rank).toBe(2);
 * expect(entropy).toBeCloseTo(0.101, 4);
 *
 * const factored = families.personaZ1r({ variant: "factored" });
 * expect(operatorSchmidt(factored.operator(0), [2, 3]).rank).toBe(1);
 * ```
 */
export function operatorSchmidt(
  operator: ArrayLike<number>,
  dimensions: Dimensions,
  options: EntropyOptions = {},
): OperatorSchmidt {
  checkOperator("operatorSchmidt", operator, dimensions);
  const [dA, dC] = dimensions;
  const { values } = singularValueDecomposition(realignment(operator, dimensions), [dA * dA, dC * dC]);
  // of numbers relative to the largest, so that squares neither overflow nor vanish
  const largest = values[0] ?? 0;
  const relative = largest === 0 ? values : values.map((value) => value / largest);
  const norm = Math.sqrt(relative.reduce((sum, value) => sum + value * value, 0)) || 1;
  const coefficients = relative.map((value) => value / norm);
  return {
    coefficients,
    singularValues: values,
    rank: relative.reduce((count, value) => (value > ZERO ? count + 1 : count), 0),
    // an entropy of squares that round to more than one is not negative
    entropy: Math.max(
      0,
      shannonEntropy(
        coefficients.map((value) => value * value),
        options,
      ),
    ),
  };
}
