/** Learning-rate schedule: a linear warm-up, then constant, a half cosine or a straight line. */
export interface ScheduleOptions {
  /** Peak learning rate. */
  readonly learningRate: number;
  /** Steps of linear warm-up, 0 by default: step t has (t + 1) / warmup of the peak. */
  readonly warmup?: number;
  /** `constant` by default. */
  readonly schedule?: "cosine" | "linear" | "constant";
  /** What is left of the peak at the end of a cosine or a line, 0 by default. */
  readonly finalFraction?: number;
}

/**
 * Learning rate of step `step` (from 0) of `steps`.
 *
 * After the warm-up a cosine is peak (f + (1 - f) (1 + cos(pi p)) / 2) with p = (step - warmup) / (steps - warmup) and f = `finalFraction`, and a line
 * is peak (f + (1 - f) (1 - p)).
 *
 * @example
 * ```ts
 * import { learningRateAt } from "@semifactor/train";
 *
 * const options = { learningRate: 1, warmup: 10, schedule: "cosine", finalFraction: 0.02 } as const;
 * expect(learningRateAt(4, 110, options)).toBe(0.5);
 * expect(learningRateAt(10, 110, options)).toBe(1);
 * expect(learningRateAt(60, 110, options)).toBeCloseTo(0.51, 12);
 * expect(learningRateAt(35, 110, { ...options, schedule: "linear" })).toBeCloseTo(0.755, 12);
 * ```
 */
export function learningRateAt(step: number, steps: number, options: ScheduleOptions): number {
  const { learningRate, warmup = 0, schedule = "constant", finalFraction = 0 } = options;
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  if (schedule === "constant") return learningRate;
  const progress = (step - warmup) / Math.max(1, steps - warmup);
  if (schedule === "linear") return learningRate * (finalFraction + (1 - finalFraction) * (1 - progress));
  return learningRate * (finalFraction + (1 - finalFraction) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
