export { type SingularValues, singularValueDecomposition } from "./decompose.ts";
export { type EntropyOptions, type EntropyUnit, klDivergence, shannonEntropy } from "./entropy.ts";
export {
  CorruptFileError,
  type ErrorDetails,
  InvalidArgumentError,
  NonUniqueStationaryStateError,
  NotBlockInvariantError,
  NotConvergedError,
  NotNormalizedError,
  SemifactorError,
  ShapeError,
  UnsupportedError,
  ZeroProbabilityError,
} from "./errors.ts";
