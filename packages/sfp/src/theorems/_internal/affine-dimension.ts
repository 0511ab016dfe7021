import { dot, scaleOf } from "@semifactor/ghmm/internal";

/** A residual vector this much smaller than the largest difference of two points adds no dimension. */
const ZERO = 1e-9;
/** Differences this much smaller than the points are rounding. */
const ROUNDING = 1e-13;

/**
 * Dimension of the smallest affine space that contains some points: the rank of their differences from the first one, by
 * Gram-Schmidt that always takes the point farthest from the space so far.
 *
 * @param tolerance - a distance below this fraction of the first one counts as zero
 */
export function affineDimension(points: readonly ArrayLike<number>[], tolerance = ZERO): number {
  const [origin = []] = points;
  const rest = points.slice(1).map((point) => Float64Array.from(origin, (value, i) => (point[i] ?? 0) - value));
  const floor = ROUNDING * points.reduce((largest, point) => Math.max(largest, scaleOf(point)), 0);
  let [dimension, first] = [0, 0];
  for (;;) {
    let [pivot, square] = [new Float64Array(0), 0];
    for (const vector of rest) {
      const own = dot(vector, vector);
      if (own > square) [pivot, square] = [vector, own];
    }
    const size = Math.sqrt(square);
    if (dimension === 0) first = size;
    if (size <= floor || size <= tolerance * first) return dimension;
    dimension++;
    const unit = pivot.map((value) => value / size);
    for (const vector of rest) {
      const along = dot(vector, unit);
      for (let i = 0; i < unit.length; i++) vector[i] = (vector[i] ?? 0) - along * (unit[i] ?? 0);
    }
  }
}
