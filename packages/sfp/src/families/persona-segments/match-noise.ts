import { InvalidArgumentError, NotConvergedError } from "@semifactor/ghmm";
import { checkRange } from "../../_internal/checks.ts";
import { meanAlignmentLoss } from "./alignment-loss.ts";
import { type PersonaSegmentsOptions, personaSegments } from "./definition.ts";

/** Noise of the study's shared cell, whose alignment loss the other cells are matched to. */
const REFERENCE_NOISE = 0.0987;
const LARGEST_ITERATIONS = 200;

/** Options of {@link matchNoise}: those of the process except its noise and code, and what to match. */
export interface MatchNoiseOptions extends Omit<PersonaSegmentsOptions, "noise" | "code"> {
  /** Mean alignment loss to reach, in nats. @defaultValue that of the same process with sharing 1 and noise 0.0987 */
  readonly target?: number;
  /** Largest difference from the target that is accepted. @defaultValue 1e-12 */
  readonly tolerance?: number;
}

/** Result of {@link matchNoise}. */
export interface MatchedNoise {
  /** The noise e found. */
  readonly noise: number;
  /** Mean alignment loss at that noise, in nats. */
  readonly loss: number;
  /** The loss that was asked for, in nats. */
  readonly target: number;
  /** Bisection steps. */
  readonly iterations: number;
}

/**
 * The noise at which a process has a given mean alignment loss, by bisection on `[0, 1/2]`.
 *
 * Independent personas are harder to infer than a shared one; matching the loss keeps the two equally hard to predict. The match is of the
 * mean over positions, not of every position. The loss rises with the noise, so there is at most one solution; the code does not matter.
 *
 * @throws InvalidArgumentError if an option is out of range or no noise reaches the target; NotConvergedError if the tolerance is below
 *   what float64 can reach; UnsupportedError if the exact sum is too large
 * @example
 * ```ts
 * import { matchNoise } from "@semifactor/sfp";
 *
 * const { noise } = matchNoise({ sharing: 0 });
 * expect(noise).toBeCloseTo(0.0765, 3); // less noise than the 0.0987 of the shared persona
 * ```
 */
export function matchNoise(options: MatchNoiseOptions = {}): MatchedNoise {
  const { target: wanted, tolerance = 1e-12, ...rest } = options;
  const source = "matchNoise";
  checkRange(source, "tolerance", tolerance, 0, 1);
  const lossAt = (noise: number, sharing: number) =>
    meanAlignmentLoss(personaSegments({ ...rest, code: "direct", sharing, noise }), source);
  const { sharing = 1 } = options;
  const target = wanted ?? lossAt(REFERENCE_NOISE, 1);
  let low = 0;
  let high = 0.5;
  const range = [lossAt(low, sharing), lossAt(high, sharing)] as const;
  if (!(target >= range[0] && target <= range[1])) {
    throw new InvalidArgumentError({
      source,
      problem: `target is ${target}`,
      remedy: `Give a loss from ${range[0]} to ${range[1]} nats, the range of this process`,
    });
  }
  for (let iterations = 1; iterations <= LARGEST_ITERATIONS; iterations++) {
    const noise = (low + high) / 2;
    const loss = lossAt(noise, sharing);
    if (Math.abs(loss - target) <= tolerance) return { noise, loss, target, iterations };
    if (loss < target) low = noise;
    else high = noise;
  }
  throw new NotConvergedError({
    source,
    problem: `the loss is within ${tolerance} of ${target} at no noise between ${low} and ${high}`,
    remedy: "Give a larger tolerance, such as 1e-12",
  });
}
