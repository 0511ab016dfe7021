import { affineBeliefs } from "./affine-beliefs.ts";
import { beliefMartingale } from "./belief-martingale.ts";
import { cocycle } from "./cocycle.ts";
import { entropySandwich } from "./entropy-sandwich.ts";
import { finitePresentation } from "./finite-presentation.ts";
import { gaugeInvariance } from "./gauge-invariance.ts";
import { independentProduct } from "./independent-product.ts";
import { minimality } from "./minimality.ts";
import { normalization } from "./normalization.ts";
import type { Theorem } from "./theorem.ts";

/**
 * Every theorem of this package, in the order of their numbers.
 *
 * @example
 * ```ts
 * import { checkTheorem, theorems } from "@semifactor/ghmm/theorems";
 *
 * for (const theorem of theorems.slice(0, 3)) expect(checkTheorem(theorem, { runs: 10 }).holds).toBe(true);
 * ```
 */
export const theorems: readonly Theorem<unknown>[] = Object.freeze([
  normalization,
  cocycle,
  affineBeliefs,
  gaugeInvariance,
  minimality,
  beliefMartingale,
  entropySandwich,
  finitePresentation,
  independentProduct,
]);
