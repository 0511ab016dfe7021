/**
 * The theorems on factored and semi-factored processes, T10 to T33, as objects that can be run. Needs the optional peer dependency
 * fast-check.
 *
 * @packageDocumentation
 */
export { type AsymptoticBlindnessInstance, asymptoticBlindness } from "./asymptotic-blindness.ts";
export { type BlockBayesInstance, blockBayes } from "./block-bayes.ts";
export { type BlockCommutantInstance, blockCommutant } from "./block-commutant.ts";
export { type ContextInstance, contextGeneralization } from "./context-generalization.ts";
export { type CouplingInstance, couplingBreaksProducts } from "./coupling-breaks-products.ts";
export { type DimensionCountInstance, dimensionCount } from "./dimension-count.ts";
export { type GlobalGaugeInstance, globalGauge } from "./global-gauge.ts";
export { type IndependentTokensInstance, independentTokens } from "./independent-tokens.ts";
export { type InformationBoundsInstance, informationBounds } from "./information-bounds.ts";
export { theorems } from "./list.ts";
export { type LocalGaugeInstance, localGauge } from "./local-gauge.ts";
export { type CorrelationMeasure, type LocalMapInstance, localMaps } from "./local-maps.ts";
export { type MixtureEntropiesInstance, mixtureEntropies } from "./mixture-entropies.ts";
export { type NetConservationInstance, netConservation } from "./net-conservation.ts";
export { type OneDimensionalSectorsInstance, oneDimensionalSectors } from "./one-dimensional-sectors.ts";
export {
  type BlockPersistence,
  type MemoryPersistence,
  type MixingPersistence,
  type PersistenceInstance,
  persistence,
} from "./persistence.ts";
export { type PriorShiftInstance, priorShift } from "./prior-shift.ts";
export { type ProductBeliefInstance, productBeliefs } from "./product-beliefs.ts";
export { type ProductsPreservedInstance, productsPreserved } from "./products-preserved.ts";
export { type PureStateInstance, pureStateFormulas } from "./pure-state-formulas.ts";
export { type ResetInstance, resetIsGlobal } from "./reset-is-global.ts";
export { type SchmidtRankInstance, schmidtRankBound } from "./schmidt-rank-bound.ts";
export { type SectorCorrelationsInstance, sectorCorrelations } from "./sector-correlations.ts";
export { type SeparableEnsembleInstance, separableEnsembles } from "./separable-ensembles.ts";
export { type SteeringInstance, steeringRank } from "./steering-rank.ts";
