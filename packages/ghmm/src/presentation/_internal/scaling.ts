import { InvalidArgumentError } from "../../numeric/errors.ts";

/** A dimension read off the growth of a count with resolution. */
export interface ScalingDimension {
  /** The slope of the fit. */
  readonly dimension: number;
  /** Standard error of the slope from the residuals of the fit; counts of neighbouring scales are related, so that it is a lower bound. */
  readonly standardError: number;
  /** Root mean square of the residuals, in natural logarithms of the count. */
  readonly residual: number;
  /** The scales that were counted, largest first; none where all points are equal. */
  readonly scales: Float64Array;
  /** What was counted at each scale. */
  readonly counts: Float64Array;
  /** Index of the first scale of the fit, which goes on to the last. */
  readonly fitFrom: number;
}

/** Scales per halving. */
export const STEPS = 4;

/** The dimension of points that are all equal. */
export const POINT: ScalingDimension = Object.freeze({
  dimension: 0,
  standardError: 0,
  residual: 0,
  scales: new Float64Array(0),
  counts: new Float64Array(0),
  fitFrom: 0,
});

/** Fewest scales of a fit: two halvings. */
const FEWEST = 2 * STEPS;

/**
 * Fits `log count = constant + dimension * sign * log scale` by least squares to the finer half of the scales, at least eight:
 * at the coarse ones the border of the set weighs too much.
 */
export function fitScaling(
  source: string,
  sign: 1 | -1,
  scales: readonly number[],
  counts: readonly number[],
): ScalingDimension {
  if (scales.length < FEWEST) {
    throw new InvalidArgumentError({
      source,
      problem: `only ${scales.length} scales have enough points for a count`,
      remedy: "Give more points, or a wider range from largestScale to smallestScale",
    });
  }
  const fitFrom = Math.min(scales.length >> 1, scales.length - FEWEST);
  const x = scales.slice(fitFrom).map((scale) => sign * Math.log(scale));
  const y = counts.slice(fitFrom).map((count) => Math.log(count));
  const n = x.length;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const [meanX, meanY] = [mean(x), mean(y)];
  let xx = 0;
  let xy = 0;
  x.forEach((value, i) => {
    xx += (value - meanX) ** 2;
    xy += (value - meanX) * ((y[i] ?? 0) - meanY);
  });
  const dimension = xy / xx;
  const squares = x.reduce((sum, value, i) => sum + ((y[i] ?? 0) - meanY - dimension * (value - meanX)) ** 2, 0);
  return {
    dimension,
    standardError: Math.sqrt(squares / (n - 2) / xx),
    residual: Math.sqrt(squares / n),
    scales: Float64Array.from(scales),
    counts: Float64Array.from(counts),
    fitFrom,
  };
}
