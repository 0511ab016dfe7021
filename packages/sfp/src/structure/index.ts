export { type Bipartition, bipartition } from "./bipartition.ts";
export { type BlockLeakage, type BlockLeakageOptions, blockLeakage } from "./block-leakage.ts";
export { type BlockLogOdds, type BlockLogOddsOptions, blockLogOdds } from "./block-log-odds.ts";
export { blockProcess, blockWeights, withBlockWeights, withinBlockBelief } from "./blocks.ts";
export { type CommutatorDefect, commutatorDefect } from "./commutator.ts";
export { type DriftMethod, type ExpectedDrift, type ExpectedDriftOptions, expectedDrift } from "./expected-drift.ts";
export {
  type FilterBlocksOptions,
  type FilterBlocksOutput,
  type FilteredBlocks,
  type FilteredBlocksFor,
  filterBlocks,
} from "./filter-blocks.ts";
export { conditionalBelief, marginalBelief, marginals } from "./marginals.ts";
export {
  type Block,
  type BlockDefinition,
  type Cell,
  type Partition,
  type PartitionDefinition,
  type PartitionKind,
  partition,
  type Sectors,
} from "./partition.ts";
export { type SemiFactoredDefinition, type SemiFactoredProcess, semiFactored } from "./semi-factored.ts";
export {
  type Factor,
  type FactorDefinition,
  factorStates,
  jointIndex,
  type PerFactor,
  type TensorStructure,
  tensorStructure,
} from "./tensor-structure.ts";
