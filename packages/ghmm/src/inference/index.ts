export { type BackwardVectors, backwardVectors } from "./backward-vectors.ts";
export { type ExpectedTransitions, expectedTransitions } from "./expected-transitions.ts";
export {
  type BaumWelchOptions,
  type BaumWelchRun,
  type FittedHmm,
  fitBaumWelch,
} from "./fit-baum-welch.ts";
export { type FittedGhmm, fitSpectral, type SpectralOptions } from "./fit-spectral.ts";
export { type ForwardBackwardOptions, forwardBackward, type SmoothedStates } from "./forward-backward.ts";
export { type EmissionModel, hmmFromEmissions } from "./hmm-from-emissions.ts";
export { type FilteredRagged, filterRagged, logLikelihoods, type RaggedBatch } from "./ragged.ts";
export { type SampledPaths, type SamplePathsOptions, samplePaths } from "./sample-paths.ts";
export { tokenPosteriors } from "./token-posteriors.ts";
export { type MostLikelyPath, viterbi } from "./viterbi.ts";
