import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";

/** What `onStep` is told. */
export interface StepMetrics {
  /** Steps done, from 1. */
  readonly step: number;
  /** Mean loss over the counted targets of the step, before the update, in nats. */
  readonly loss: number;
  /** `loss` minus the mean of `optimalLoss` over the same targets, in nats; only where `optimalLoss` is given. */
  readonly excess?: number;
  /** Sum of the auxiliary losses, which `loss` does not contain; where there are some. */
  readonly auxiliary?: number;
  readonly learningRate: number;
  /** Global norm of the gradient, before clipping. */
  readonly gradientNorm: number;
  /** Input tokens per second, of all replicas together, since metrics were read back before. */
  readonly tokensPerSecond: number;
}

/** The least loss that any model can have, in nats: one number, or one per target position `[length]`. */
export type OptimalLoss = number | ArrayLike<number>;

/**
 * Checks an optimal loss.
 *
 * @throws ShapeError if it is not one value per position; InvalidArgumentError if it is not a finite number
 */
export function checkOptimalLoss(optimal: OptimalLoss | undefined, length: number, source: string): void {
  if (optimal === undefined) return;
  const values = typeof optimal === "number" ? [optimal] : Array.from(optimal);
  if (typeof optimal !== "number" && values.length !== length) {
    throw new ShapeError({
      source,
      problem: `optimalLoss has ${values.length} entries`,
      remedy: `Give ${length}, one per position`,
    });
  }
  for (const [position, value] of values.entries()) {
    if (Number.isFinite(value)) continue;
    throw new InvalidArgumentError({
      source,
      problem: `optimalLoss is ${value}${typeof optimal === "number" ? "" : ` at position ${position}`}`,
      remedy: "Give finite numbers, in nats",
    });
  }
}

/** Mean of the optimal loss over targets with these weights `[sequences, length]`, which add up to 1 over a whole step. */
export function meanOptimalLoss(optimal: OptimalLoss, weights: ArrayLike<number>, length: number): number {
  let mean = 0;
  for (let r = 0; r < weights.length; r++) {
    mean += (weights[r] ?? 0) * (typeof optimal === "number" ? optimal : (optimal[r % length] ?? Number.NaN));
  }
  return mean;
}
