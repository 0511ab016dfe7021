import type { JsonObject, Tolerance } from "./vector.ts";

/** A vector without what is computed: the library fills in `expected`. */
export interface Case {
  readonly definition: string;
  /** Short name; the id of the vector is the definition and this. */
  readonly name: string;
  readonly description: string;
  readonly input: JsonObject;
  /** What of the answer is expected; all of it by default. */
  readonly fields?: readonly string[];
  readonly tolerance?: Tolerance;
  /** The category of the error that the input must give. */
  readonly error?: string;
}

/** Of matrix products and quotients. */
export const ROUNDING: Tolerance = { absolute: 1e-12, relative: 1e-10 };
/** Of quantities that come from solving linear equations, or sums of many terms. */
export const SOLVED: Tolerance = { absolute: 1e-9, relative: 1e-9 };
/** Of integers, and of numbers that are exact. */
export const EXACT: Tolerance = { absolute: 0, relative: 0 };

/** A case that must fail. */
export function failing(definition: string, name: string, error: string, description: string, input: JsonObject): Case {
  return { definition, name, description, input, error };
}
