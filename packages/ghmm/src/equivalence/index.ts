export { areEquivalent, type Equivalence } from "./equivalent.ts";
export { hankelRank } from "./hankel-rank.ts";
export { backwardSpace, forwardSpace, type KrylovOptions, type KrylovSpace } from "./krylov.ts";
export { type MinimalRealization, minimalRealization } from "./minimal-realization.ts";
