import type { ProcessStorage } from "../process.ts";

/** The operators of a process, stored as their structure allows. */
export interface OperatorStorage {
  readonly description: ProcessStorage;
  /** `out = b T^x`; `out` must not be `belief`. */
  apply(belief: ArrayLike<number>, token: number, out: Float64Array): void;
  /** A copy of `T^x`, row-major `[d, d]`. */
  operator(token: number): Float64Array;
}
