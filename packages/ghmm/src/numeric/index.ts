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
