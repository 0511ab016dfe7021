export { blockProcess, blockWeights, withBlockWeights, withinBlockBelief } from "./blocks.ts";
export { type CommutatorDefect, commutatorDefect } from "./commutator.ts";
export {
  type Block,
  type BlockDefinition,
  type Cell,
  type Partition,
  type PartitionDefinition,
  type PartitionKind,
  partition,
} from "./partition.ts";
export { type SemiFactoredDefinition, type SemiFactoredProcess, semiFactored } from "./semi-factored.ts";
export {
  type Factor,
  type FactorDefinition,
  factorStates,
  jointIndex,
  type Marginals,
  marginals,
  type TensorStructure,
  tensorStructure,
} from "./tensor-structure.ts";
