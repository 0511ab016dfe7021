import { checkNumber } from "../numeric/options.ts";
import { principalAxes } from "../numeric/principal-axes.ts";
import { fitScaling, POINT, type ScalingDimension, STEPS } from "./_internal/scaling.ts";
import { countPoints, type PointSet } from "./point-set.ts";

/** Range of scales of {@link boxCountingDimension} and {@link correlationDimension}, as fractions of the extent of the points. */
export interface ScaleRangeOptions {
  /** Largest scale, 1/4 by default. */
  readonly largestScale?: number;
  /** Smallest scale, 2^-20 by default; the range ends before it where points become too few to tell. */
  readonly smallestScale?: number;
}

const SOURCE = "boxCountingDimension";
/** Share of boxes that hold a single point from which on many boxes of the set must have been missed by the points. */
const LARGEST_SINGLE_SHARE = 0.2;
/** Positions of the grid that are tried at each scale. */
const SHIFTS = 3;

/**
 * The box-counting dimension of a set of points: the slope of `log N(e)` against `-log e`, `N(e)` the number of boxes of side
 * `e` that contain a point.
 *
 * Boxes are counted in the coordinates of the principal axes, in as many as the points span, on the emptiest of three grids.
 * There are four scales to a halving, from `largestScale` down to where a fifth of the boxes hold a single point, so that
 * others must have been missed; the line is fitted to the finer half of them. Sets that are similar to themselves at few ratios
 * make the counts oscillate about the line (see `residual`), and points that
 * visit parts of the set rarely make the dimension too small: the beliefs of {@link mixedStateTree} visit all parts alike.
 *
 * @throws ShapeError if the points are not `[n, dimension]` with `n >= 1`
 * @throws InvalidArgumentError if a coordinate is not finite, or the largest beyond 1e100 or nearer to 0 than 1e-100, a scale is out of range, or fewer than eight scales have enough
 * points
 * @example
 * ```ts
 * import { boxCountingDimension } from "@semifactor/ghmm";
 *
 * const line = Float64Array.from({ length: 4000 }, (_, i) => Math.floor(i / 2) / 2000); // points (x, x)
 * const { dimension, standardError } = boxCountingDimension({ points: line, dimension: 2 });
 * expect(Math.abs(dimension - 1)).toBeLessThan(0.05);
 * expect(standardError).toBeLessThan(0.05);
 * ```
 * Source: Falconer, Fractal Geometry, chapter 2.
 */
export function boxCountingDimension(set: PointSet, options: ScaleRangeOptions = {}): ScalingDimension {
  const { largestScale = 1 / 4, smallestScale = 2 ** -20 } = options;
  checkNumber(SOURCE, "largestScale", largestScale, 2 ** -40, 1);
  checkNumber(SOURCE, "smallestScale", smallestScale, 2 ** -40, largestScale);
  const n = countPoints(SOURCE, set);
  const { axes, coordinates } = principalAxes(set.points, set.dimension);
  const k = axes.length;
  if (k === 0) return POINT;
  const extent = widestExtent(coordinates, k);
  const counter = boxCounter(coordinates, n, k);
  const scales: number[] = [];
  const counts: number[] = [];
  for (let step = 0; ; step++) {
    const fraction = largestScale * 2 ** (-step / STEPS);
    if (fraction < smallestScale) break;
    let fewest: BoxCount = { occupied: Number.POSITIVE_INFINITY, single: 0 };
    for (let shift = 0; shift < SHIFTS; shift++) {
      const count = counter(extent * fraction, shift / SHIFTS);
      if (count.occupied < fewest.occupied) fewest = count;
    }
    if (fewest.single > LARGEST_SINGLE_SHARE * fewest.occupied) break;
    scales.push(extent * fraction);
    counts.push(fewest.occupied);
  }
  return fitScaling(SOURCE, -1, scales, counts);
}

/** Largest difference of two points in one coordinate. */
export function widestExtent(coordinates: Float64Array, k: number): number {
  const low = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(k).fill(Number.NEGATIVE_INFINITY);
  coordinates.forEach((value, i) => {
    if (value < (low[i % k] ?? 0)) low[i % k] = value;
    if (value > (high[i % k] ?? 0)) high[i % k] = value;
  });
  return high.reduce((widest, value, axis) => Math.max(widest, value - (low[axis] ?? 0)), 0);
}

interface BoxCount {
  /** Number of boxes with a point. */
  readonly occupied: number;
  /** Number of boxes with a single one. */
  readonly single: number;
}

/** A function that counts the occupied boxes of a grid of the given side, shifted by a fraction of it. */
function boxCounter(coordinates: Float64Array, n: number, k: number): (side: number, shift: number) => BoxCount {
  // Open addressing: each slot holds one more than the index of a point in the box, or 0.
  const size = 2 ** Math.ceil(Math.log2(2 * n + 2));
  const slots = new Int32Array(size);
  const held = new Int32Array(size);
  const boxes = new Float64Array(n * k);
  const samePlace = (a: number, b: number): boolean => {
    for (let axis = 0; axis < k; axis++) if (boxes[a * k + axis] !== boxes[b * k + axis]) return false;
    return true;
  };
  return (side, shift) => {
    slots.fill(0);
    let occupied = 0;
    let single = 0;
    for (let i = 0; i < n; i++) {
      let hash = 0;
      for (let axis = 0, at = i * k; axis < k; axis++, at++) {
        const box = Math.floor((coordinates[at] ?? 0) / side + shift);
        boxes[at] = box;
        hash = Math.imul(hash ^ (box | 0), 0x9e3779b1);
        hash ^= hash >>> 15;
      }
      let slot = hash & (size - 1);
      for (; slots[slot] !== 0; slot = (slot + 1) & (size - 1)) if (samePlace((slots[slot] ?? 1) - 1, i)) break;
      if (slots[slot] === 0) {
        slots[slot] = i + 1;
        held[slot] = 1;
        occupied++;
        single++;
      } else if (held[slot] === 1) {
        held[slot] = 2;
        single--;
      }
    }
    return { occupied, single };
  };
}
