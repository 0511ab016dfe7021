export { decodeEmission, type Emission, emissionToken } from "./code.ts";
export {
  type EmissionCode,
  type PersonaSegments,
  type PersonaSegmentsOptions,
  type PhaseRates,
  personaSegments,
} from "./definition.ts";
export { capabilityLaw, emissionLaw } from "./emission-law.ts";
export { filterPersonaSegments, type PersonaSegmentsBeliefs, type PersonaSegmentsFilterOptions } from "./filter.ts";
export { type MatchedNoise, type MatchNoiseOptions, matchNoise } from "./match-noise.ts";
export { type PersonaSegmentsLoss, personaSegmentsOptimalLoss } from "./optimal-loss.ts";
export {
  type PersonaSegmentsLatents,
  type PersonaSegmentsSample,
  type PersonaSegmentsSampleOptions,
  samplePersonaSegments,
} from "./sample.ts";
export { personaSegmentsSemiFactored } from "./semi-factored-form.ts";
