import { unitsPerNat } from "../numeric/entropy.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { whyNotCausalStates } from "./_internal/causal-states.ts";
import { closedForm, closedQuantity } from "./_internal/closed-form.ts";
import { readLimits } from "./_internal/limits.ts";
import { conditionalEntropies } from "./_internal/partial-sums.ts";
import type { InformationOptions, InformationQuantity } from "./information-quantity.ts";
import { synchronizationSum } from "./presentation-quantities.ts";

const SOURCE = "synchronizationInformation";

/**
 * The synchronization information `S_sync = sum_{L>=0} E[H[b(X_1 .. X_L)]]`: the total uncertainty of an observer about the causal
 * state, in bits unless `unit` says nats.
 *
 * Only for unifilar HMMs whose states have distinct futures: the entropy of a belief over other hidden states depends on the
 * presentation, and that of a signed belief does not exist. Closed form `delta_0 (I - W)^D |S>` where there are at most 1024
 * mixed states, infinite if the observer never gets to know the state; otherwise a partial sum, which bounds it from below.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if the states of the process are not its causal states (the error says why), or if there are more
 * mixed states and the initial state is not stationary
 * @throws NotConvergedError if a finite presentation mixes too slowly for the digits of a number
 * @example
 * ```ts
 * import { goldenMean, synchronizationInformation, transientInformation } from "@semifactor/ghmm";
 *
 * const process = goldenMean({ p: 0.5 });
 * expect(synchronizationInformation(process).value).toBeCloseTo(0.918296, 6);
 * expect(transientInformation(process).value).toBeCloseTo(0.251629, 6); // less, since E < C_mu
 * ```
 * Source: Crutchfield and Feldman, Regularities unseen, randomness observed, Chaos 13 (2003).
 */
export function synchronizationInformation(process: Process, options: InformationOptions = {}): InformationQuantity {
  const { unit = "bits" } = options;
  const scale = unitsPerNat(SOURCE, unit);
  const limits = readLimits(SOURCE, options);
  const reason = whyNotCausalStates(process);
  if (reason !== undefined) {
    throw new UnsupportedError({
      source: SOURCE,
      problem: `the states of the process are not its causal states, since ${reason}`,
      remedy: "Give the epsilon-machine of the process: a unifilar HMM whose states have distinct futures",
    });
  }
  const exact = closedForm(SOURCE, process, limits.maxStates);
  if (exact !== undefined) {
    return closedQuantity(synchronizationSum(SOURCE, exact.chain, exact.presentation), unit, scale);
  }
  const { stateEntropy = [] } = conditionalEntropies(SOURCE, process, limits);
  const value = stateEntropy.reduce((sum, h) => sum + h, 0) * scale;
  return { value, lower: value, method: "partial-sum", unit, length: stateEntropy.length };
}
