export { blockProcess, blockWeights, withBlockWeights, withinBlockBelief } from "./blocks.ts";
export { type CommutatorDefect, commutatorDefect } from "./commutator.ts";
export { type Bipartition, bipartition, conditionalBelief, marginalBelief, marginals } from "./marginals.ts";
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
