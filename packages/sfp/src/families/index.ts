export { type ContextPersonas, type ContextPersonasOptions, contextPersonas } from "./context-personas.ts";
export {
  alignmentParticipationRatio,
  alignmentTotalCorrelation,
  contextEntropyRate,
  contextTokenEntropy,
  type GeneralizationOptions,
  generalizationCoefficient,
  type ParticipationRatioOptions,
} from "./context-personas-closed-forms.ts";
export {
  type ContextPersonasBeliefs,
  type ContextPersonasFilterOptions,
  filterContextPersonas,
} from "./context-personas-filter.ts";
export {
  type ContextPersonasSample,
  type ContextPersonasSampleOptions,
  sampleContextPersonas,
} from "./context-personas-sample.ts";
export type { FamilyDescription, FamilyParameter, FamilyQuantity } from "./descriptions/description.ts";
export { type LeakySector, type LeakySectorOptions, leakySector } from "./leaky-sector.ts";
export { families } from "./namespace.ts";
export { type PersonaMess3Options, personaMess3 } from "./persona-mess3.ts";
export * from "./persona-segments/index.ts";
export { type ByPhase, type PersonaZ1rOptions, type PersonaZ1rVariant, personaZ1r } from "./persona-z1r.ts";
export { type PhaseLockedZ1rOptions, phaseLockedZ1r } from "./phase-locked-z1r.ts";
export { type StaticLabelsOptions, staticLabels } from "./static-labels.ts";
