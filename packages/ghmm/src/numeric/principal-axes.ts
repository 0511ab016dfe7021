import { singularValueDecomposition } from "./decompose.ts";

/** Points in the coordinates of their principal axes. */
export interface PrincipalAxes {
  /** Mean of the points, `[d]`. */
  readonly mean: Float64Array;
  /** Orthonormal directions `[d]`, largest variance first; those of no variance are left out. */
  readonly axes: readonly Float64Array[];
  /** Variance along each axis, `[k]`. */
  readonly variances: Float64Array;
  /** Row-major `[n, k]`: products of the points, less their mean, with the axes. */
  readonly coordinates: Float64Array;
}

/** A variance of at most this fraction of the largest is rounding. */
const NO_VARIANCE = 1e-14;

/** Principal axes of the rows of `points`, row-major `[n, d]`, finite, `n >= 1`. */
export function principalAxes(points: ArrayLike<number>, dimension: number): PrincipalAxes {
  const d = dimension;
  const n = points.length / d;
  const mean = new Float64Array(d);
  for (let i = 0, at = 0; i < n; i++) for (let s = 0; s < d; s++) mean[s] = (mean[s] ?? 0) + (points[at++] ?? 0) / n;
  const covariance = new Float64Array(d * d);
  const offset = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let s = 0; s < d; s++) offset[s] = (points[i * d + s] ?? 0) - (mean[s] ?? 0);
    for (let s = 0; s < d; s++) {
      const value = (offset[s] ?? 0) / n;
      for (let t = 0; t <= s; t++) covariance[s * d + t] = (covariance[s * d + t] ?? 0) + value * (offset[t] ?? 0);
    }
  }
  for (let s = 0; s < d; s++) for (let t = 0; t < s; t++) covariance[t * d + s] = covariance[s * d + t] ?? 0;
  const { left, values } = singularValueDecomposition(covariance, [d, d]);
  // Rounding of the mean gives equal points a variance of about the square of a rounding error.
  const size = mean.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const least = Math.max(NO_VARIANCE * (values[0] ?? 0), (1e-15 * size) ** 2 * n);
  const k = values.filter((value) => value > least).length;
  const axes = Array.from({ length: k }, (_, axis) =>
    Float64Array.from({ length: d }, (_, s) => left[s * d + axis] ?? 0),
  );
  const coordinates = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let axis = 0; axis < k; axis++) {
      const direction = axes[axis] ?? mean;
      let sum = 0;
      for (let s = 0; s < d; s++) sum += ((points[i * d + s] ?? 0) - (mean[s] ?? 0)) * (direction[s] ?? 0);
      coordinates[i * k + axis] = sum;
    }
  }
  return { mean, axes, variances: values.slice(0, k), coordinates };
}
