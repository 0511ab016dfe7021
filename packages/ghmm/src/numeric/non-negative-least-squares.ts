import { dot } from "./matrix.ts";

/** The point of a cone that is nearest to a target. */
export interface NonNegativeFit {
  /** One non-negative coefficient per column, at most as many of them positive as the target has entries. */
  readonly coefficients: Float64Array;
  /** Euclidean length of the target minus the combination of the columns. */
  readonly residual: number;
}

/** A column that lies in the span of others up to this fraction of its length adds nothing to them. */
const DEPENDENT = 1e-12;

/** Target minus the combination of the columns. */
function remainder(columns: readonly Float64Array[], coefficients: Float64Array, target: Float64Array): Float64Array {
  const rest = target.slice();
  columns.forEach((column, j) => {
    const c = coefficients[j] ?? 0;
    if (c === 0) return;
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - c * (column[i] ?? 0);
  });
  return rest;
}

/** Least squares over some columns by Gram-Schmidt, orthogonalised twice; a column that depends on earlier ones gets 0. */
function leastSquares(chosen: readonly Float64Array[], target: Float64Array): Float64Array {
  const p = chosen.length;
  const basis: (Float64Array | undefined)[] = [];
  const triangle = new Float64Array(p * p);
  chosen.forEach((column, j) => {
    const rest = column.slice();
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((unit, i) => {
        if (unit === undefined) return;
        const part = dot(unit, rest);
        triangle[i * p + j] = (triangle[i * p + j] ?? 0) + part;
        for (let s = 0; s < rest.length; s++) rest[s] = (rest[s] ?? 0) - part * (unit[s] ?? 0);
      });
    }
    const length = Math.sqrt(dot(rest, rest));
    triangle[j * p + j] = length;
    basis.push(length <= DEPENDENT * Math.sqrt(dot(column, column)) ? undefined : rest.map((value) => value / length));
  });
  const solution = new Float64Array(p);
  for (let i = p - 1; i >= 0; i--) {
    const unit = basis[i];
    if (unit === undefined) continue;
    let sum = dot(unit, target);
    for (let j = i + 1; j < p; j++) sum -= (triangle[i * p + j] ?? 0) * (solution[j] ?? 0);
    solution[i] = sum / (triangle[i * p + i] ?? 1);
  }
  return solution;
}

/** The column that would shorten the remainder most; none when no column would. */
function steepest(
  columns: readonly Float64Array[],
  rest: Float64Array,
  refused: ReadonlySet<number>,
  tolerance: number,
): number | undefined {
  let [best, steepness] = [-1, tolerance];
  columns.forEach((column, j) => {
    const slope = refused.has(j) ? 0 : dot(column, rest);
    if (slope > steepness) [best, steepness] = [j, slope];
  });
  return best < 0 ? undefined : best;
}

/**
 * Non-negative least squares `min |target - sum_j c_j columns[j]|` over `c >= 0`, by the active-set method.
 *
 * Columns are best of length one; there may be more of them than dimensions, and they may depend on each other. It stops as
 * soon as the residual is rounding.
 *
 * Source: Lawson and Hanson, "Solving least squares problems" (1974), chapter 23.
 */
export function nonNegativeLeastSquares(columns: readonly Float64Array[], target: Float64Array): NonNegativeFit {
  const coefficients = new Float64Array(columns.length);
  const size = Math.sqrt(dot(target, target));
  const passive = new Set<number>();
  const refused = new Set<number>();
  let rest = target;
  for (let steps = 3 * columns.length + 10; steps > 0; steps--) {
    if (Math.sqrt(dot(rest, rest)) <= 1e-14 * size) break;
    const entering = steepest(columns, rest, new Set([...passive, ...refused]), 1e-14 * size);
    if (entering === undefined) break;
    passive.add(entering);
    for (;;) {
      const indices = [...passive];
      const solution = leastSquares(
        indices.map((j) => columns[j] ?? target),
        target,
      );
      if ((solution[indices.indexOf(entering)] ?? 0) <= 0 && passive.has(entering) && coefficients[entering] === 0) {
        // rounding made it look useful: it stays out until the remainder has changed
        passive.delete(entering);
        refused.add(entering);
        break;
      }
      // go towards the solution until a coefficient becomes zero, and let go of that column
      let [step, leaving] = [1, -1];
      indices.forEach((j, i) => {
        const [now, then] = [coefficients[j] ?? 0, solution[i] ?? 0];
        if (then <= 0 && now / (now - then) < step) [step, leaving] = [now / (now - then), j];
      });
      indices.forEach((j, i) => {
        coefficients[j] = Math.max(0, (coefficients[j] ?? 0) + step * ((solution[i] ?? 0) - (coefficients[j] ?? 0)));
      });
      if (leaving < 0) {
        refused.clear();
        break;
      }
      coefficients[leaving] = 0;
      passive.delete(leaving);
      if (leaving === entering) break;
    }
    rest = remainder(columns, coefficients, target);
  }
  return { coefficients, residual: Math.sqrt(dot(rest, rest)) };
}
