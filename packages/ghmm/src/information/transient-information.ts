import { unitsPerNat } from "../numeric/entropy.ts";
import type { Process } from "../process/process.ts";
import { closedForm, closedQuantity } from "./_internal/closed-form.ts";
import { readLimits } from "./_internal/limits.ts";
import { conditionalEntropies } from "./_internal/partial-sums.ts";
import { chainTransientInformation } from "./_internal/presentation-chain.ts";
import type { InformationOptions, InformationQuantity } from "./information-quantity.ts";

const SOURCE = "transientInformation";

/**
 * The transient information `TI = sum_{L>=1} L (h(L) - h_mu) = sum_{L>=0} (E + h_mu L - H(L))`, in bits (times tokens) unless `unit`
 * says nats: how slowly block entropies reach their asymptote.
 *
 * Closed form `delta_0 ((I - W)^D)^2 |H>` where the process has at most 1024 mixed states. Otherwise, from a stationary start,
 * `sum_{l<=L} l (h(l) - h(L))`, which bounds it from below; nothing bounds it from above.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if there are more mixed states and the initial state is not stationary
 * @throws NotConvergedError if a finite presentation mixes too slowly for the digits of a number
 * @example
 * ```ts
 * import { evenOnes, transientInformation } from "@semifactor/ghmm";
 *
 * expect(transientInformation(evenOnes({ p: 0.5 })).value).toBeCloseTo(3.169925, 6);
 * ```
 * Source: Crutchfield and Feldman, Regularities unseen, randomness observed, Chaos 13 (2003).
 */
export function transientInformation(process: Process, options: InformationOptions = {}): InformationQuantity {
  const { unit = "bits" } = options;
  const scale = unitsPerNat(SOURCE, unit);
  const limits = readLimits(SOURCE, options);
  const exact = closedForm(SOURCE, process, limits.maxStates);
  if (exact !== undefined) {
    return closedQuantity(chainTransientInformation(SOURCE, exact.chain), unit, scale);
  }
  const { conditional } = conditionalEntropies(SOURCE, process, limits);
  const last = conditional.at(-1) ?? 0;
  const value = conditional.reduce((sum, h, i) => sum + (i + 1) * (h - last), 0) * scale;
  return { value, lower: value, method: "partial-sum", unit, length: conditional.length };
}
