/** An entry whose square would underflow. The operators are scaled to size one. */
const NEGLIGIBLE = 1e-150;

/**
 * A tall system of equations kept as a square one: the triangular factor `R` of its rows, with `R^T R = A^T A`, so that `R` has the
 * singular values and the right singular vectors of `A` at full precision.
 *
 * @returns row-major `[n, n]`, no equations yet
 */
export function noEquations(n: number): Float64Array {
  return new Float64Array(n * n);
}

/** Adds one equation by Givens rotations. `row`, `[n]`, is used up. */
export function addEquation(factor: Float64Array, row: Float64Array): void {
  const n = row.length;
  for (let j = 0; j < n; j++) {
    const below = row[j] ?? 0;
    if (Math.abs(below) < NEGLIGIBLE) continue;
    const at = j * n;
    const diagonal = factor[at + j] ?? 0;
    const length = Math.sqrt(diagonal * diagonal + below * below);
    const [cosine, sine] = [diagonal / length, below / length];
    for (let k = j; k < n; k++) {
      const [upper, lower] = [factor[at + k] ?? 0, row[k] ?? 0];
      factor[at + k] = cosine * upper + sine * lower;
      row[k] = cosine * lower - sine * upper;
    }
  }
}
