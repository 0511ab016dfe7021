export { type BlockForm, type BlockFormOptions, blockForm } from "./block-form.ts";
export {
  type BeliefCurve,
  type FactorizationRecord,
  type FactorizationRecordOptions,
  factorizationRecord,
  type Undefined,
} from "./factorization-record.ts";
export { factorizationTable } from "./factorization-table.ts";
export { type FindBlocksOptions, type FoundBlock, type FoundBlocks, findBlocks } from "./find-blocks.ts";
export {
  type CoupledTokens,
  type FactoredTokens,
  type FindTensorStructureOptions,
  findTensorStructure,
  type TensorRanks,
  type TensorStructureSearch,
  type TensorStructureVerdict,
} from "./find-tensor-structure.ts";
export {
  type NearestKronecker,
  type NearestKroneckerProcess,
  nearestKronecker,
  nearestKroneckerProcess,
} from "./nearest-kronecker.ts";
export {
  type OperatorFactorization,
  type OperatorFactorizationOptions,
  operatorFactorization,
} from "./operator-factorization.ts";
export { type OperatorSchmidt, operatorSchmidt } from "./operator-schmidt.ts";
