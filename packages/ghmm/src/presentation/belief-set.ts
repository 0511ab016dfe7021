/** Step of the sequence of weights: the golden ratio, so that no two weights are in a simple ratio. */
const STEP = (Math.sqrt(5) - 1) / 2;
/** Width of a bin in units of the largest shift that the tolerance allows: wide, so that few points lie near an edge. */
const WIDTH = 16;

/** What {@link BeliefSet.nearest} finds. */
export interface Nearest {
  /** Index of the closest point within the tolerance, or -1. */
  readonly index: number;
  /** Its largest coordinate difference; 0 where there is none. */
  readonly distance: number;
}

const NONE: Nearest = { index: -1, distance: 0 };

/**
 * Points told apart by more than `tolerance` in some coordinate.
 *
 * Points are binned by one generic linear function of their coordinates. Two points within the tolerance differ in it by at
 * most the sum of its weights times the tolerance, so a point near the edge of its bin is also looked up in the bin beyond
 * that edge, and no pair is missed in any number of dimensions.
 */
export class BeliefSet {
  readonly #tolerance: number;
  readonly #weights: Float64Array;
  readonly #scale: number;
  readonly #first = new Map<number, number>();
  readonly #next: number[] = [];
  readonly #points: Float64Array[] = [];

  constructor(dimension: number, tolerance: number) {
    this.#tolerance = tolerance;
    this.#weights = Float64Array.from({ length: dimension }, (_, i) => 0.5 + ((i * STEP) % 1) / 2);
    const reach = this.#weights.reduce((sum, weight) => sum + weight, 0) * tolerance;
    this.#scale = 1 / (WIDTH * reach);
  }

  /** Position of a point on the axis of bins, in bins. */
  #place(point: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < point.length; i++) sum += (this.#weights[i] ?? 0) * (point[i] ?? 0);
    return sum * this.#scale;
  }

  /** The closest point of the set within the tolerance. */
  nearest(point: Float64Array): Nearest {
    const place = this.#place(point);
    const bin = Math.floor(place);
    const found = this.#nearestInBin(point, bin, NONE);
    const inside = (place - bin) * WIDTH;
    // A little more than the exact reach of 1: the place itself is rounded.
    if (inside < 1.01) return this.#nearestInBin(point, bin - 1, found);
    if (inside > WIDTH - 1.01) return this.#nearestInBin(point, bin + 1, found);
    return found;
  }

  #nearestInBin(point: Float64Array, bin: number, best: Nearest): Nearest {
    let found = best;
    for (let i = this.#first.get(bin) ?? -1; i >= 0; i = this.#next[i] ?? -1) {
      const limit = found.index < 0 ? this.#tolerance : found.distance;
      const distance = largestDifference(point, this.#points[i] ?? point, limit);
      if (distance < limit || (found.index < 0 && distance <= limit)) found = { index: i, distance };
    }
    return found;
  }

  /** Adds a point, which is kept, whether or not another is near, and returns its index. */
  add(point: Float64Array): number {
    const bin = Math.floor(this.#place(point));
    const index = this.#points.push(point) - 1;
    this.#next.push(this.#first.get(bin) ?? -1);
    this.#first.set(bin, index);
    return index;
  }
}

/** Largest coordinate difference, or any number above `limit` once one coordinate exceeds it. */
function largestDifference(a: Float64Array, b: Float64Array, limit: number): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    if (difference > limit) return difference;
    if (difference > largest) largest = difference;
  }
  return largest;
}
