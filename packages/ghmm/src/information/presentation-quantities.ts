import { type EntropyOptions, type EntropyUnit, shannonEntropy, unitsPerNat } from "../numeric/entropy.ts";
import type { MixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import { whyNotCausalStates } from "./_internal/causal-states.ts";
import {
  type ChainSum,
  chainEntropyRate,
  chainExcessEntropy,
  chainSum,
  chainTransientInformation,
  type PresentationChain,
  solveChain,
} from "./_internal/presentation-chain.ts";

/** The information quantities of a process with finitely many mixed states. */
export interface PresentationQuantities {
  /** Unit of all entropies here. */
  readonly unit: EntropyUnit;
  /** `h_mu = <pi_W|H>`. */
  readonly entropyRate: number;
  /** `E = sum_{L>=1} (h(L) - h_mu)`. */
  readonly excessEntropy: number;
  /** `TI = sum_{L>=1} L (h(L) - h_mu)`. */
  readonly transientInformation: number;
  /** `S_sync = sum_{L>=0} E[H[b(X_1 .. X_L)]]`; absent unless the states of the process are its causal states. */
  readonly synchronizationInformation?: number;
  /** `C_mu = H[pi_W]`. */
  readonly statisticalComplexity: number;
  /** `chi_c = C_mu - E`. */
  readonly crypticity: number;
  /** `pi_W`: share of time spent in each mixed state, `[n]`; zero on transient ones. */
  readonly weights: Float64Array;
}

/** `sum_L E[H[b]]` in nats: `|S>` holds the entropy of each belief. */
export function synchronizationSum(
  source: string,
  chain: PresentationChain,
  presentation: MixedStatePresentation,
): ChainSum {
  const stateEntropy = Float64Array.from(presentation.states, (belief) =>
    shannonEntropy(
      belief.map((p) => Math.max(0, p)),
      { unit: "nats" },
    ),
  );
  return chainSum(source, chain, stateEntropy);
}

/**
 * All information quantities of a complete presentation at once, in bits unless `unit` says nats.
 *
 * With `W` the transition matrix, `delta_0` the initial belief, `|H>` the next-token entropies and `D` the Drazin inverse:
 * `h_mu = <pi_W|H>`, `E = delta_0 (I - W)^D |H>`, `TI = delta_0 ((I - W)^D)^2 |H>`, `C_mu = H[pi_W]` and
 * `S_sync = delta_0 (I - W)^D |S>`, with `|S>` the entropies of the beliefs. `pi_W` is the time average from the initial belief:
 * a non-ergodic process mixes its recurrent classes. From a start that is not stationary a periodic process may have an `h(L)`
 * without a limit; `E` and `TI` are then Abel sums.
 *
 * All are those of the presentation as it is. Where its `mergeDistance` is more than rounding, beliefs that only converge to each
 * other are one state in it, and `C_mu` may be far too small: {@link statisticalComplexity} tells the two cases apart.
 *
 * @param presentation - complete, with at most 1024 mixed states
 * @throws UnsupportedError if the presentation is truncated or larger
 * @throws NotConvergedError if it mixes too slowly for the digits of a number
 * @example
 * ```ts
 * import { evenOnes, mixedStatePresentation, presentationQuantities } from "@semifactor/ghmm";
 *
 * const quantities = presentationQuantities(mixedStatePresentation(evenOnes({ p: 0.5 })));
 * expect(quantities.entropyRate).toBeCloseTo(2 / 3, 12);
 * expect(quantities.excessEntropy).toBeCloseTo(0.918295834, 9);
 * expect(quantities.transientInformation).toBeCloseTo(2 * Math.log2(3), 9);
 * ```
 * Source: Riechers and Crutchfield, Spectral simplicity of apparent complexity I, Chaos 28 (2018).
 */
export function presentationQuantities(
  presentation: MixedStatePresentation,
  options: EntropyOptions = {},
): PresentationQuantities {
  const source = "presentationQuantities";
  const { unit = "bits" } = options;
  const scale = unitsPerNat(source, unit);
  const chain = solveChain(source, presentation);
  const excess = chainExcessEntropy(source, chain).value * scale;
  const complexity = shannonEntropy(chain.weights, { unit });
  const causal = whyNotCausalStates(presentation.process) === undefined;
  return {
    unit,
    entropyRate: chainEntropyRate(chain) * scale,
    excessEntropy: excess,
    transientInformation: chainTransientInformation(source, chain).value * scale,
    ...(causal ? { synchronizationInformation: synchronizationSum(source, chain, presentation).value * scale } : {}),
    statisticalComplexity: complexity,
    crypticity: complexity - excess,
    weights: chain.weights,
  };
}
