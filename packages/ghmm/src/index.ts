/**
 * Generalized hidden Markov models: processes, beliefs, inference, mixed-state presentations, information.
 *
 * @packageDocumentation
 */
export * from "./belief/index.ts";
export * from "./compose/index.ts";
export * from "./equivalence/index.ts";
export * from "./inference/index.ts";
export * from "./information/index.ts";
export * from "./numeric/index.ts";
export * from "./presentation/index.ts";
export * from "./process/index.ts";
export * from "./processes/index.ts";
export * from "./random/index.ts";
