import { observableCoordinates } from "../equivalence/observable-coordinates.ts";
import { shannonEntropy, unitsPerNat } from "../numeric/entropy.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { checkNumber } from "../numeric/options.ts";
import type { MixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import type { Process } from "../process/process.ts";
import { cutPresentation, isExact, largestRounding } from "./_internal/closed-form.ts";
import { readLimits } from "./_internal/limits.ts";
import { LARGEST_CHAIN } from "./_internal/presentation-chain.ts";
import { type TruncatedWeights, truncatedWeights } from "./_internal/truncated-weights.ts";
import type { InformationOptions, InformationQuantity } from "./information-quantity.ts";

/** What {@link statisticalComplexity} and {@link crypticity} take. */
export interface ComplexityOptions extends Omit<InformationOptions, "maxLength"> {
  /** Share of time that truncated mixed states may carry, 1e-9 by default. */
  readonly maxTruncation?: number;
}

const SOURCE = "statisticalComplexity";

/** The options with their defaults, checked in the name of the function that they were given to. */
export function readComplexityOptions(source: string, options: ComplexityOptions) {
  const { unit = "bits", maxTruncation = 1e-9 } = options;
  unitsPerNat(source, unit);
  const { maxStates } = readLimits(source, options);
  checkNumber(source, "maxTruncation", maxTruncation, 0, 0.5);
  return { unit, maxStates, maxTruncation };
}

/** Sizes at which a presentation is cut, until little enough is left out. */
const SIZES = [64, 512, LARGEST_CHAIN];

/**
 * Share of time of the mixed states that stand for others: a recurrent one leads to a belief that is near but not equal, and so on
 * without end. Transient beliefs may approach a recurrent one, which is a causal state then.
 */
function mergedShare(presentation: MixedStatePresentation, weights: Float64Array): number {
  const { process, states, transitions, recurrent, mergeDistance } = presentation;
  const rounding = largestRounding(presentation);
  if (mergeDistance <= rounding) return 0;
  const coordinates = observableCoordinates(process);
  const next = new Float64Array(process.stateDim);
  const merged = new Set<number>();
  for (const { from, token, to } of transitions) {
    const [belief, target] = [states[from], states[to]];
    if (recurrent[from] !== true || merged.has(to) || belief === undefined || target === undefined) continue;
    process.step(belief, token, next);
    const [reached, known] = [coordinates.of(next), coordinates.of(target)];
    if (reached.some((value, i) => Math.abs(value - (known[i] ?? 0)) > rounding)) merged.add(to);
  }
  let share = 0;
  for (const state of merged) share += weights[state] ?? 0;
  return share;
}

/** The smallest presentation that carries all but `maxTruncation` of the time, with its weights. */
function weighted(
  process: Process,
  maxStates: number,
  maxTruncation: number,
): TruncatedWeights & { readonly presentation: MixedStatePresentation } {
  let truncation = 1;
  for (const [attempt, size] of SIZES.entries()) {
    const presentation = cutPresentation(process, Math.min(size, maxStates));
    const { weights, truncation: cut } = truncatedWeights(presentation);
    const left = Math.min(1, cut + mergedShare(presentation, weights));
    if (left <= maxTruncation) return { weights, truncation: left, presentation };
    // a truncation that hardly shrinks is not going to vanish with twice the size
    const hopeless = presentation.complete || (attempt > 0 && left > 0.1 * truncation);
    truncation = left;
    if (size >= maxStates || hopeless) break;
  }
  throw new UnsupportedError({
    source: SOURCE,
    problem: `the recurrent mixed states are too many or infinitely many: those beyond the first ones carry ${truncation} of the time`,
    remedy: "There is no finite answer for an uncountable presentation; for a countable one raise maxTruncation",
  });
}

/**
 * The statistical complexity `C_mu = H[pi_W]`: the entropy of the causal state, in bits unless `unit` says nats.
 *
 * `pi_W` is the time average over mixed states from the initial belief, which also covers periodic processes and several recurrent
 * classes. A countably infinite presentation whose tail carries at most `maxTruncation` of the time is cut there; `truncation` says
 * how much was left out, beliefs that only converge to each other included. Nothing is proved about the error, which is about
 * `truncation * log(1 / truncation)` for tails that fall off exponentially. A presentation that cannot be cut (Mess3 has uncountably many mixed states) is refused.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if no 1024 mixed states carry enough of the time
 * @example
 * ```ts
 * import { mess3, statisticalComplexity, UnsupportedError, zeroOneRandom } from "@semifactor/ghmm";
 *
 * expect(statisticalComplexity(zeroOneRandom({ p: 0.5 })).value).toBeCloseTo(Math.log2(3), 12);
 * expect(() => statisticalComplexity(mess3({ x: 0.15, a: 0.6 }))).toThrow(UnsupportedError);
 * ```
 * Source: Crutchfield and Young, Inferring statistical complexity, Physical Review Letters 63 (1989).
 */
export function statisticalComplexity(process: Process, options: ComplexityOptions = {}): InformationQuantity {
  const { unit, maxStates, maxTruncation } = readComplexityOptions(SOURCE, options);
  const { weights, truncation, presentation } = weighted(process, maxStates, maxTruncation);
  const value = shannonEntropy(weights, { unit });
  if (!isExact(presentation)) return { value, method: "truncated-presentation", unit, truncation };
  return { value, lower: value, upper: value, method: "presentation", unit };
}
