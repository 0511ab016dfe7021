/**
 * Generalized hidden Markov models: beliefs, word probabilities, sampling, optimal loss.
 *
 * @packageDocumentation
 */
export * from "./numeric/index.ts";
export * from "./random/index.ts";
