export { type FilteredBeliefs, type FilterOutput, filterBeliefs, type TokenBatch } from "./filter.ts";
export { type FactorBeliefs, filterFactorBeliefs } from "./filter-factors.ts";
export { logWordProbability, wordProbability } from "./probability.ts";
export { type SampledSequences, type SampleOptions, sampleSequences } from "./sample.ts";
export { beliefState, nextTokenDistribution, updateBelief } from "./update.ts";
