/**
 * The theorems of the library as objects that can be run, on random instances or on a process of your own. Needs the optional
 * peer dependency fast-check.
 *
 * @packageDocumentation
 */
export { type AffineBeliefsInstance, affineBeliefs } from "./affine-beliefs.ts";
export { beliefMartingale, type MartingaleInstance } from "./belief-martingale.ts";
export {
  type CheckOptions,
  checkTheorem,
  type RanCounterexample,
  type Residual,
  type TheoremCheck,
} from "./check-theorem.ts";
export { type CocycleInstance, cocycle } from "./cocycle.ts";
export { type EntropySandwichInstance, entropySandwich, type Preparations } from "./entropy-sandwich.ts";
export { type FinitePresentationInstance, finitePresentation } from "./finite-presentation.ts";
export { type GaugeInstance, gaugeInvariance } from "./gauge-invariance.ts";
export { type IndependentProductInstance, independentProduct } from "./independent-product.ts";
export { theorems } from "./list.ts";
export { type MinimalityInstance, minimality } from "./minimality.ts";
export { type NormalizationInstance, normalization } from "./normalization.ts";
export type { Counterexample, Hypothesis, Theorem, TheoremStatus, TheoremSubject } from "./theorem.ts";
