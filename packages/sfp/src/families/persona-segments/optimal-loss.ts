import { alignmentLoss } from "./alignment-loss.ts";
import { capabilityLoss } from "./capability-loss.ts";
import type { PersonaSegments } from "./definition.ts";

/** Bayes-optimal loss in nats by emission position. */
export interface PersonaSegmentsLoss {
  /** `alignment + capability`, `[segments * emissions]`. */
  readonly byPosition: Float64Array;
  /** Part of the alignment bit d, `[segments * emissions]`. */
  readonly alignment: Float64Array;
  /** Part of the capability bit y, `[segments * emissions]`. */
  readonly capability: Float64Array;
  /** Means over positions: what a mean loss per emission is compared with. */
  readonly mean: { readonly total: number; readonly alignment: number; readonly capability: number };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The exact loss of the Bayes filter at every emission, in nats: no model's expected loss is below it.
 *
 * `L_t = H(d_t | contexts, past d) + H(y_t | contexts, past y)`: given the contexts, persona and phase are independent, and a token in a
 * known context is the pair (d, y). The capability part takes about a second for the study's 12 contexts and is remembered.
 *
 * @throws UnsupportedError if the exact sum is too large (the capability part grows as `(8 * 12)^segments`)
 * @example
 * ```ts
 * import { families, personaSegmentsOptimalLoss } from "@semifactor/sfp";
 *
 * const process = families.personaSegments({ code: "direct", contexts: 3, perSequence: 2, segments: 2 });
 * const loss = personaSegmentsOptimalLoss(process);
 * expect(loss.byPosition.length).toBe(8);
 * expect(loss.alignment[7]).toBeLessThan(loss.alignment[0] ?? 0); // evidence about the persona accumulates
 * ```
 */
export function personaSegmentsOptimalLoss(process: PersonaSegments): PersonaSegmentsLoss {
  const alignment = alignmentLoss(process);
  const capability = capabilityLoss(process);
  const byPosition = alignment.map((value, t) => value + (capability[t] ?? 0));
  return {
    byPosition,
    alignment,
    capability,
    mean: { total: mean(byPosition), alignment: mean(alignment), capability: mean(capability) },
  };
}
