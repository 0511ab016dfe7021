import { checkInteger, checkLaw, checkLength, checkRange } from "../../_internal/checks.ts";
import { writeEmission } from "./code.ts";
import { capabilityRate, type PersonaSegments } from "./definition.ts";

const UNIFORM_PHASE: readonly number[] = [1 / 3, 1 / 3, 1 / 3];

/**
 * The law of the capability bit, `P(y) = sum_phase phase[phase] P(y | context, phase)`.
 *
 * @param belief.context - the current context
 * @param belief.phase - belief over the phase of the next emission, `[3]`; uniform by default
 * @returns `[2]`, P(y = 0) and P(y = 1)
 * @throws InvalidArgumentError if the context is out of range or an entry of `phase` negative; NotNormalizedError if `phase` does not
 * sum to one; ShapeError if it is not `[3]`
 * @example
 * ```ts
 * import { capabilityLaw, families } from "@semifactor/sfp";
 *
 * const process = families.personaSegments({ code: "direct" });
 * expect(capabilityLaw(process, { context: 2, phase: [1, 0, 0] })[1]).toBeCloseTo(0.95, 12);
 * ```
 */
export function capabilityLaw(
  process: PersonaSegments,
  belief: { readonly context: number; readonly phase?: ArrayLike<number> },
): Float64Array {
  const { context, phase = UNIFORM_PHASE } = belief;
  checkInteger("capabilityLaw", "context", context, 0, process.contexts - 1);
  checkLength("capabilityLaw", "phase", phase, 3);
  checkLaw("capabilityLaw", "phase", phase);
  let one = 0;
  let zero = 0;
  for (let s = 0; s < 3; s++) {
    const rate = capabilityRate(process, context, s);
    one += (phase[s] ?? 0) * rate;
    zero += (phase[s] ?? 0) * (1 - rate);
  }
  return Float64Array.of(zero, one);
}

/**
 * The law of the next emission token for a given belief about the current context.
 *
 * `P(token(c, d, y)) = P(d) P(y)` with `P(d = 1) = misaligned (1 - e) + (1 - misaligned) e`.
 *
 * @param belief.context - the current context
 * @param belief.misaligned - P(b_c = 1): 1 gives the law of the misaligned persona, 0 of the aligned one
 * @param belief.phase - belief over the phase of the next emission, `[3]`; uniform by default
 * @returns `[outputSize]`
 * @throws InvalidArgumentError if an entry is out of range; ShapeError if `phase` is not `[3]`
 * @example
 * ```ts
 * import { emissionLaw, families } from "@semifactor/sfp";
 *
 * const process = families.personaSegments({ code: "pairs", noise: 0.1 });
 * const law = emissionLaw(process, { context: 0, misaligned: 1 });
 * expect((law[6] ?? 0) + (law[7] ?? 0)).toBeCloseTo(0.9, 12); // symbol 3 is the misaligned one of context 0
 * ```
 */
export function emissionLaw(
  process: PersonaSegments,
  belief: { readonly context: number; readonly misaligned: number; readonly phase?: ArrayLike<number> },
): Float64Array {
  checkRange("emissionLaw", "misaligned", belief.misaligned, 0, 1);
  const [zero = 0, one = 0] = capabilityLaw(process, belief);
  const wrong = belief.misaligned * (1 - process.noise) + (1 - belief.misaligned) * process.noise;
  const law = new Float64Array(process.outputSize);
  for (const alignment of [0, 1]) {
    const weight = alignment === 1 ? wrong : 1 - wrong;
    law[writeEmission(process, belief.context, alignment, 0)] = weight * zero;
    law[writeEmission(process, belief.context, alignment, 1)] = weight * one;
  }
  return law;
}
