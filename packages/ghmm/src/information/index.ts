export { beliefEntropy } from "./belief-entropy.ts";
export {
  type BlockEntropiesOptions,
  blockEntropies,
  type ExactBlockEntropies,
  type MonteCarloBlockEntropies,
} from "./block-entropies.ts";
export { crypticity } from "./crypticity.ts";
export {
  type CertifiedEntropyRate,
  type EntropyRateOptions,
  type EstimatedEntropyRate,
  entropyRate,
} from "./entropy-rate.ts";
export { excessEntropy } from "./excess-entropy.ts";
export type { InformationOptions, InformationQuantity } from "./information-quantity.ts";
export { type JensenShannonOptions, jensenShannonDivergence } from "./jensen-shannon.ts";
export {
  coInformation,
  conditionalMutualInformation,
  oInformation,
  totalCorrelation,
  type VariableSets,
} from "./multivariate.ts";
export { type ExactLoss, type MonteCarloLoss, type OptimalLossOptions, optimalLoss } from "./optimal-loss.ts";
export { type PresentationQuantities, presentationQuantities } from "./presentation-quantities.ts";
export { type PresentationSpectrum, presentationMatrix, presentationSpectrum } from "./presentation-spectrum.ts";
export { type ComplexityOptions, statisticalComplexity } from "./statistical-complexity.ts";
export { synchronizationInformation } from "./synchronization-information.ts";
export { transientInformation } from "./transient-information.ts";
