import { shannonEntropy, unitsPerNat } from "../numeric/entropy.ts";
import type { Process } from "../process/process.ts";
import { closedForm, closedQuantity } from "./_internal/closed-form.ts";
import { lowerEntropyRate } from "./_internal/entropy-bounds.ts";
import { hiddenModel } from "./_internal/hidden-model.ts";
import { readLimits } from "./_internal/limits.ts";
import { conditionalEntropies } from "./_internal/partial-sums.ts";
import { chainExcessEntropy } from "./_internal/presentation-chain.ts";
import type { InformationOptions, InformationQuantity } from "./information-quantity.ts";

const SOURCE = "excessEntropy";

/**
 * The excess entropy `E = sum_{L>=1} (h(L) - h_mu) = lim (H(L) - L h_mu)`: what the past tells about the future, in bits unless
 * `unit` says nats.
 *
 * Closed form `delta_0 (I - W)^D |H>` where the process has at most 1024 mixed states. Otherwise, from a stationary start,
 * `H(L) - L h(L)`, which bounds `E` from below. Where hidden states are known, the upper bound is the smaller of `H[S_0]` and
 * `H(L) - L h_low + H[S_L | X_1 .. X_L]`, with `h_low` the lower bound of {@link entropyRate}: after `L` tokens, the rest of the past
 * tells no more about the future than the hidden state does.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if there are more mixed states and the initial state is not stationary
 * @throws NotConvergedError if a finite presentation mixes too slowly for the digits of a number
 * @example
 * ```ts
 * import { excessEntropy, mess3, zeroOneRandom } from "@semifactor/ghmm";
 *
 * expect(excessEntropy(zeroOneRandom({ p: 0.5 })).value).toBeCloseTo(Math.log2(3), 12);
 *
 * const { method, value } = excessEntropy(mess3({ x: 0.15, a: 0.6 }), { maxStates: 1000 });
 * expect(method).toBe("partial-sum");
 * expect(value).toBeCloseTo(0.0181, 4);
 * ```
 * Source: Crutchfield and Feldman, Regularities unseen, randomness observed, Chaos 13 (2003).
 */
export function excessEntropy(process: Process, options: InformationOptions = {}): InformationQuantity {
  const { unit = "bits" } = options;
  const scale = unitsPerNat(SOURCE, unit);
  const limits = readLimits(SOURCE, options);
  const exact = closedForm(SOURCE, process, limits.maxStates);
  if (exact !== undefined) {
    return closedQuantity(chainExcessEntropy(SOURCE, exact.chain), unit, scale);
  }
  const { conditional, stateEntropy } = conditionalEntropies(SOURCE, process, limits);
  const length = conditional.length;
  const block = conditional.reduce((sum, h) => sum + h, 0);
  const value = (block - length * (conditional.at(-1) ?? 0)) * scale;
  const found = { value, lower: value, method: "partial-sum", unit, length } as const;
  const model = hiddenModel(process);
  if (model === undefined || stateEntropy === undefined) return found;
  const lower = lowerEntropyRate(SOURCE, model, { ...limits, width: 0 });
  // the last entropy of the hidden state is the one before the last token: one token fewer on both sides
  const shorter = block - (conditional.at(-1) ?? 0) - (length - 1) * lower + (stateEntropy.at(-1) ?? 0);
  const upper = Math.max(value, Math.min(shannonEntropy(model.initial, { unit: "nats" }), shorter) * scale);
  return { ...found, upper };
}
