import type { Theorem } from "@semifactor/ghmm/theorems";
import { asymptoticBlindness } from "./asymptotic-blindness.ts";
import { blockBayes } from "./block-bayes.ts";
import { blockCommutant } from "./block-commutant.ts";
import { contextGeneralization } from "./context-generalization.ts";
import { couplingBreaksProducts } from "./coupling-breaks-products.ts";
import { dimensionCount } from "./dimension-count.ts";
import { globalGauge } from "./global-gauge.ts";
import { independentTokens } from "./independent-tokens.ts";
import { informationBounds } from "./information-bounds.ts";
import { localGauge } from "./local-gauge.ts";
import { localMaps } from "./local-maps.ts";
import { mixtureEntropies } from "./mixture-entropies.ts";
import { netConservation } from "./net-conservation.ts";
import { oneDimensionalSectors } from "./one-dimensional-sectors.ts";
import { persistence } from "./persistence.ts";
import { priorShift } from "./prior-shift.ts";
import { productBeliefs } from "./product-beliefs.ts";
import { productsPreserved } from "./products-preserved.ts";
import { pureStateFormulas } from "./pure-state-formulas.ts";
import { resetIsGlobal } from "./reset-is-global.ts";
import { schmidtRankBound } from "./schmidt-rank-bound.ts";
import { sectorCorrelations } from "./sector-correlations.ts";
import { separableEnsembles } from "./separable-ensembles.ts";
import { steeringRank } from "./steering-rank.ts";

/**
 * Every theorem of this package, in the order of their numbers.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { theorems } from "@semifactor/sfp/theorems";
 *
 * for (const theorem of theorems.slice(0, 2)) expect(checkTheorem(theorem, { runs: 10 }).holds).toBe(true);
 * ```
 */
export const theorems: readonly Theorem<unknown>[] = Object.freeze([
  productsPreserved,
  couplingBreaksProducts,
  schmidtRankBound,
  dimensionCount,
  blockCommutant,
  blockBayes,
  netConservation,
  mixtureEntropies,
  sectorCorrelations,
  productBeliefs,
  informationBounds,
  localMaps,
  separableEnsembles,
  pureStateFormulas,
  localGauge,
  globalGauge,
  resetIsGlobal,
  steeringRank,
  persistence,
  priorShift,
  contextGeneralization,
  oneDimensionalSectors,
  independentTokens,
  asymptoticBlindness,
]);
