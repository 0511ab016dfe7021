export { type FilteredBeliefs, filterBeliefs, type TokenBatch } from "./filter.ts";
export { logWordProbability, wordProbability } from "./probability.ts";
export { type SampledSequences, type SampleOptions, sampleSequences } from "./sample.ts";
export { beliefState, nextTokenDistribution, updateBelief } from "./update.ts";
