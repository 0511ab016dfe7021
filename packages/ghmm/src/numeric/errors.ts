/** What every named error of the library carries: where it happened, what was wrong, what to do. */
export interface ErrorDetails {
  /** Public name of the function that refused, e.g. `createHmm`. */
  readonly source: string;
  /** What is wrong, with the offending value. */
  readonly problem: string;
  /** What the caller can do about it. */
  readonly remedy: string;
}

/**
 * Base class of every error thrown by the library; `message` is `source: problem. remedy.`
 *
 * @example
 * ```ts
 * import { createHmm, SemifactorError } from "@semifactor/ghmm";
 *
 * let caught: unknown;
 * try {
 *   createHmm({ operators: [[[0.5]], [[0.4]]] });
 * } catch (error) {
 *   caught = error;
 * }
 * expect(caught).toBeInstanceOf(SemifactorError);
 * ```
 */
export class SemifactorError extends Error implements ErrorDetails {
  override readonly name: string = "SemifactorError";
  readonly source: string;
  readonly problem: string;
  readonly remedy: string;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(`${details.source}: ${details.problem}. ${details.remedy}.`, options);
    this.source = details.source;
    this.problem = details.problem;
    this.remedy = details.remedy;
  }
}

/** An option, token or number is outside the range the function accepts (this includes NaN and infinities). */
export class InvalidArgumentError extends SemifactorError {
  override readonly name = "InvalidArgumentError";
}

/** An array has the wrong number of dimensions or entries. */
export class ShapeError extends SemifactorError {
  override readonly name = "ShapeError";
}

/** Probabilities, or a generalized normalisation such as `T w = w` and `eta . w = 1`, do not add up. */
export class NotNormalizedError extends SemifactorError {
  override readonly name = "NotNormalizedError";
}

/** A word has probability zero, so no belief follows it. */
export class ZeroProbabilityError extends SemifactorError {
  override readonly name = "ZeroProbabilityError";
  /** Index in the word of the first impossible token. */
  readonly position: number;
  /** The impossible token. */
  readonly token: number;

  constructor(details: ErrorDetails & { readonly position: number; readonly token: number }, options?: ErrorOptions) {
    super(details, options);
    this.position = details.position;
    this.token = details.token;
  }
}

/** The net operator fixes a subspace of dimension other than one, so there is no single stationary state. */
export class NonUniqueStationaryStateError extends SemifactorError {
  override readonly name = "NonUniqueStationaryStateError";
  /** Dimension of the space of left fixed vectors of the net operator. */
  readonly dimension: number;

  constructor(details: ErrorDetails & { readonly dimension: number }, options?: ErrorOptions) {
    super(details, options);
    this.dimension = details.dimension;
  }
}

/** A claimed block of a partition is not preserved by some operator. */
export class NotBlockInvariantError extends SemifactorError {
  override readonly name = "NotBlockInvariantError";
}

/** An iteration stopped at its limit before it reached its tolerance. */
export class NotConvergedError extends SemifactorError {
  override readonly name = "NotConvergedError";
}

/** The request is meaningful, but not on this host, engine or kind of process. */
export class UnsupportedError extends SemifactorError {
  override readonly name = "UnsupportedError";
}

/** A file is truncated, of another format, or of an unknown version. */
export class CorruptFileError extends SemifactorError {
  override readonly name = "CorruptFileError";
}
