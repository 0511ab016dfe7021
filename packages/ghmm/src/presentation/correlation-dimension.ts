import { checkInteger, checkNumber } from "../numeric/options.ts";
import { principalAxes } from "../numeric/principal-axes.ts";
import { fitScaling, POINT, type ScalingDimension, STEPS } from "./_internal/scaling.ts";
import { type ScaleRangeOptions, widestExtent } from "./box-counting-dimension.ts";
import { countPoints, type PointSet } from "./point-set.ts";

/** What {@link correlationDimension} takes. */
export interface CorrelationDimensionOptions extends ScaleRangeOptions {
  /** Points whose distances are taken, spread evenly over the set; 4096 by default, at most 2^16 (time grows with the square). */
  readonly maxPoints?: number;
}

const SOURCE = "correlationDimension";

/**
 * The correlation dimension of a set of points: the slope of `log C(r)` against `log r`, `C(r)` the fraction of pairs of points
 * at a distance of at most `r`.
 *
 * It weighs regions by how often they are visited and is at most the box-counting dimension. There are four scales to a
 * halving, from `largestScale` down to where a point has less than one neighbour on average; the line is fitted to the finer
 * half of them.
 *
 * @throws ShapeError if the points are not `[n, dimension]` with `n >= 1`
 * @throws InvalidArgumentError if a coordinate is not finite, or the largest beyond 1e100 or nearer to 0 than 1e-100, an option is out of range, or fewer than eight scales have enough
 * pairs
 * @example
 * ```ts
 * import { beliefPointCloud, correlationDimension, createKey, mess3 } from "@semifactor/ghmm";
 *
 * const cloud = beliefPointCloud(mess3({ x: 0.15, a: 0.6 }), { points: 2000, key: createKey(0) });
 * const { dimension, standardError } = correlationDimension(cloud);
 * expect(Math.abs(dimension - 1.23)).toBeLessThan(0.1);
 * expect(standardError).toBeLessThan(0.05);
 * ```
 * Source: Grassberger and Procaccia, Measuring the strangeness of strange attractors, Physica D 9 (1983).
 */
export function correlationDimension(set: PointSet, options: CorrelationDimensionOptions = {}): ScalingDimension {
  const { largestScale = 1 / 4, smallestScale = 2 ** -20, maxPoints = 4096 } = options;
  checkNumber(SOURCE, "largestScale", largestScale, 2 ** -40, 1);
  checkNumber(SOURCE, "smallestScale", smallestScale, 2 ** -40, largestScale);
  checkInteger(SOURCE, "maxPoints", maxPoints, 2, 2 ** 16);
  const n = countPoints(SOURCE, set);
  const { axes, coordinates } = principalAxes(set.points, set.dimension);
  const k = axes.length;
  if (k === 0) return POINT;
  const extent = widestExtent(coordinates, k);
  const m = Math.min(n, maxPoints);
  const chosen = new Float64Array(m * k);
  for (let i = 0; i < m; i++) {
    const from = Math.floor((i * n) / m) * k;
    chosen.set(coordinates.subarray(from, from + k), i * k);
  }
  const bins = Math.floor(STEPS * Math.log2(largestScale / smallestScale) + 1e-9) + 1;
  const pairs = pairsWithin(chosen, k, extent * largestScale, bins);
  const scales: number[] = [];
  const counts: number[] = [];
  for (let bin = 0; bin < bins && (pairs[bin] ?? 0) >= m / 2; bin++) {
    scales.push(extent * largestScale * 2 ** (-bin / STEPS));
    counts.push((pairs[bin] ?? 0) / ((m * (m - 1)) / 2));
  }
  return fitScaling(SOURCE, 1, scales, counts);
}

/** Numbers of pairs at a distance of at most `largest 2^(-bin / STEPS)`, `[bins]`. */
function pairsWithin(points: Float64Array, k: number, largest: number, bins: number): Float64Array {
  const m = points.length / k;
  const pairs = new Float64Array(bins);
  const limit = largest * largest;
  for (let i = 1; i < m; i++) {
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let axis = 0; axis < k; axis++) square += ((points[i * k + axis] ?? 0) - (points[j * k + axis] ?? 0)) ** 2;
      if (square > limit) continue;
      const bin = Math.min(bins - 1, Math.floor((STEPS / 2) * Math.log2(limit / square)));
      pairs[bin] = (pairs[bin] ?? 0) + 1;
    }
  }
  for (let bin = bins - 2; bin >= 0; bin--) pairs[bin] = (pairs[bin] ?? 0) + (pairs[bin + 1] ?? 0);
  return pairs;
}
