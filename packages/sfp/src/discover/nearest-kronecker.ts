import { type Process, singularValueDecomposition } from "@semifactor/ghmm";
import { checkProcess } from "@semifactor/ghmm/internal";
import type { Dimensions } from "../entanglement/density-matrix.ts";
import { realignment } from "../entanglement/realignment.ts";
import { checkOperator } from "./_internal/check-operator.ts";

/** What {@link nearestKronecker} returns. */
export interface NearestKronecker {
  /** `A`, row-major `[dA, dA]`. */
  readonly first: Float64Array;
  /** `C`, row-major `[dC, dC]`, of the same Frobenius norm as `A`. */
  readonly second: Float64Array;
  /** Frobenius norm of `T - A (x) C`. */
  readonly residual: number;
  /** `residual` divided by the Frobenius norm of `T`, from 0 for a product to below 1; 0 for the zero operator. */
  readonly relativeResidual: number;
}

/** Column `k = 0` of a row-major `[rows, columns]` matrix, scaled. */
const leading = (matrix: Float64Array, rows: number, factor: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => (matrix[(row * matrix.length) / rows] ?? 0) * factor);

/**
 * The tensor product `A (x) C` nearest to an operator in Frobenius norm: the leading singular vectors of the realigned operator,
 * `A (x) C = s_1 u_1 v_1^T` realigned back.
 *
 * The squared residual is the sum of the other squared singular values. The norm is shared evenly, and the sign chosen so that the
 * entries of `A` sum to no less than 0. Of a non-negative operator with one nearest product both factors are non-negative.
 *
 * @param operator - row-major `[d, d]` with `d = dA * dC`, joint index `(a, c) -> a * dC + c`
 * @param dimensions - `[dA, dC]`
 * @throws ShapeError if the operator has not `(dA * dC)^2` entries
 * @throws InvalidArgumentError if an entry is not finite or a dimension is not a positive integer
 * @example
 * ```ts
 * import { nearestKronecker } from "@semifactor/sfp";
 *
 * // diag(1, 0) (x) diag(2, 0) + diag(0, 1) (x) diag(0, 1)
 * const operator = [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
 * const { residual, relativeResidual } = nearestKronecker(operator, [2, 2]);
 * expect(residual).toBeCloseTo(1, 14); // the smaller of the singular values 2 and 1
 * expect(relativeResidual).toBeCloseTo(1 / Math.sqrt(5), 14);
 * ```
 *
 * Source: Van Loan and Pitsianis, "Approximation with Kronecker products" (1993).
 */
export function nearestKronecker(operator: ArrayLike<number>, dimensions: Dimensions): NearestKronecker {
  checkOperator("nearestKronecker", operator, dimensions);
  const [dA, dC] = dimensions;
  const { left, values, right } = singularValueDecomposition(realignment(operator, dimensions), [dA * dA, dC * dC]);
  const share = Math.sqrt(values[0] ?? 0);
  const positive = leading(left, dA * dA, 1).reduce((sum, value) => sum + value, 0) >= 0;
  const scale = positive ? share : -share;
  const [norm, residual] = [Math.hypot(...values), Math.hypot(...values.subarray(1))];
  return {
    first: leading(left, dA * dA, scale),
    second: leading(right, dC * dC, scale),
    residual,
    relativeResidual: norm === 0 ? 0 : residual / norm,
  };
}

/** What {@link nearestKroneckerProcess} returns. */
export interface NearestKroneckerProcess {
  /** The nearest product of every operator, `[V]`. */
  readonly tokens: readonly NearestKronecker[];
  /** Frobenius norm of all differences together, `sqrt(sum_x |T^x - A^x (x) C^x|^2)`. */
  readonly residual: number;
  /** `residual` divided by `sqrt(sum_x |T^x|^2)`. */
  readonly relativeResidual: number;
}

/**
 * The nearest tensor product `A^x (x) C^x` of every operator of a process.
 *
 * The products need not be the operators of a process: they are not normalised, since a nearest product that kept `T w = w` would
 * not be one singular vector per token.
 *
 * @param dimensions - `[dA, dC]`
 * @throws ShapeError if the dimensions do not multiply to the number of states
 * @throws InvalidArgumentError if a dimension is not a positive integer, or the process is none
 * @example
 * ```ts
 * import { coin, mess3, tensorProduct } from "@semifactor/ghmm";
 * import { families, nearestKroneckerProcess } from "@semifactor/sfp";
 *
 * const product = tensorProduct(coin({ p: 0.3 }), mess3({ x: 0.15, a: 0.6 }));
 * expect(nearestKroneckerProcess(product, [1, 3]).residual).toBeLessThan(1e-14);
 * const semi = families.personaZ1r({ variant: "semi" });
 * expect(nearestKroneckerProcess(semi, [2, 3]).relativeResidual).toBeCloseTo(0.13804, 5);
 * ```
 */
export function nearestKroneckerProcess(process: Process, dimensions: Dimensions): NearestKroneckerProcess {
  checkProcess("nearestKroneckerProcess", "process", process);
  const operators = process.alphabet.map((_, token) => process.operator(token));
  for (const operator of operators) checkOperator("nearestKroneckerProcess", operator, dimensions);
  const tokens = operators.map((operator) => nearestKronecker(operator, dimensions));
  const residual = Math.hypot(...tokens.map((token) => token.residual));
  const norm = Math.hypot(
    ...operators.map((operator) => Math.sqrt(operator.reduce((sum, value) => sum + value ** 2, 0))),
  );
  return { tokens, residual, relativeResidual: residual / norm };
}
