import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";

/** Points of a space of `dimension` coordinates. */
export interface PointSet {
  /** Row-major `[n, dimension]`. */
  readonly points: ArrayLike<number>;
  /** Number of coordinates of a point. */
  readonly dimension: number;
}

/** The number of points of a set, checked: at least one, and finite. */
export function countPoints(source: string, { points, dimension }: PointSet): number {
  const count = points.length / dimension;
  if (!(Number.isInteger(dimension) && dimension >= 1 && Number.isInteger(count) && count >= 1)) {
    throw new ShapeError({
      source,
      problem: `${points.length} numbers are no points of dimension ${dimension}`,
      remedy: "Give a positive dimension and at least one point, row by row",
    });
  }
  for (let i = 0; i < points.length; i++) {
    if (!Number.isFinite(points[i])) {
      throw new InvalidArgumentError({
        source,
        problem: `coordinate ${i % dimension} of point ${Math.floor(i / dimension)} is ${points[i]}`,
        remedy: "Give finite numbers only",
      });
    }
  }
  return count;
}
