import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { checkList } from "../process/validate.ts";

/** Points of a space of `dimension` coordinates. */
export interface PointSet {
  /** Row-major `[n, dimension]`. */
  readonly points: ArrayLike<number>;
  /** Number of coordinates of a point. */
  readonly dimension: number;
}

/** Coordinates whose squares neither overflow nor vanish. */
const LARGEST_COORDINATE = 1e100;

/** The number of points of a set, checked: at least one, finite, and of a size whose square is a number. */
export function countPoints(source: string, { points, dimension }: PointSet): number {
  checkList(source, "points", points);
  const count = points.length / dimension;
  if (!(Number.isInteger(dimension) && dimension >= 1 && Number.isInteger(count) && count >= 1)) {
    throw new ShapeError({
      source,
      problem: `${points.length} numbers are no points of dimension ${dimension}`,
      remedy: "Give a positive dimension and at least one point, row by row",
    });
  }
  let largest = 0;
  for (let i = 0; i < points.length; i++) {
    largest = Math.max(largest, Math.abs(points[i] ?? 0));
    if (!Number.isFinite(points[i])) {
      throw new InvalidArgumentError({
        source,
        problem: `coordinate ${i % dimension} of point ${Math.floor(i / dimension)} is ${points[i]}`,
        remedy: "Give finite numbers only",
      });
    }
  }
  if (largest > LARGEST_COORDINATE || (largest > 0 && largest < 1 / LARGEST_COORDINATE)) {
    throw new InvalidArgumentError({
      source,
      problem: `the largest coordinate is ${largest} in size`,
      remedy: `Rescale the points: it is 0 or from ${1 / LARGEST_COORDINATE} to ${LARGEST_COORDINATE}`,
    });
  }
  return count;
}
