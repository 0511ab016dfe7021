export type { EffectPersistence, ExpectedDecay } from "./effect-persistence.ts";
export { type FlipFactorOptions, flipFactor } from "./flip-factor.ts";
export type { Intervention } from "./intervention.ts";
export {
  type CapabilityShift,
  type InterventionEffect,
  type InterventionEffectOptions,
  interventionEffect,
  type StructuredProcess,
} from "./intervention-effect.ts";
export { projectOntoBlock } from "./project-onto-block.ts";
export { type ResetFactorOptions, resetFactor } from "./reset-factor.ts";
export { type ShiftedBlockLogits, shiftBlockLogits } from "./shift-block-logits.ts";
export { type BeliefCode, type SteeringError, type SteeringErrorOptions, steeringError } from "./steering-error.ts";
