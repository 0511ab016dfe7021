export { beliefDensity } from "./belief-density.ts";
export { concurrence, entanglementOfFormation } from "./concurrence.ts";
export { type CriterionResult, ccnrCriterion, pptCriterion } from "./criteria.ts";
export type {
  ComplexMatrix,
  DensityEntropyOptions,
  DensityMatrix,
  DensityOptions,
  Dimensions,
} from "./density-matrix.ts";
export { quantumDiscord } from "./discord.ts";
export {
  amplitudeState,
  diagonalState,
  type ProbabilityOptions,
  pureDensity,
  squareRootState,
} from "./embeddings.ts";
export { type CovarianceStateOptions, covarianceState, type Ensemble, ensembleState } from "./ensemble-state.ts";
export { linearEntropy, renyiEntropy, vonNeumannEntropy } from "./entropies.ts";
export { mutualInformation, quantumMutualInformation, relativeEntropyOfFactorization } from "./mutual-information.ts";
export { logNegativity, type NegativityOptions, negativity } from "./negativity.ts";
export { pageEntropy } from "./page-entropy.ts";
export { type PartialTraceOptions, partialTrace } from "./partial-trace.ts";
export { type PartialTransposeOptions, partialTranspose } from "./partial-transpose.ts";
export { realignment } from "./realignment.ts";
export { relativeEntropy } from "./relative-entropy.ts";
export { type SchmidtDecomposition, type SchmidtOptions, schmidt } from "./schmidt.ts";
export { type SectorDecomposition, sectorDecomposition } from "./sector-decomposition.ts";
export {
  type EntanglementWitness,
  type Separability,
  type SeparabilityCriterion,
  separability,
} from "./separability.ts";
export { type TokenInformation, type TokenInformationOptions, tokenInformation } from "./token-information.ts";
