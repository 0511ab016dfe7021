/**
 * fast-check arbitraries of processes, for property tests on your own code. Needs the optional peer dependency fast-check.
 *
 * @packageDocumentation
 */
export { type GaugePair, gaugeTransformed, type HmmArbitraryOptions, hmm, word } from "./processes.ts";
export {
  type NonErgodicHmm,
  nonErgodicHmm,
  type PeriodicHmm,
  periodicHmm,
  type RedundantHmm,
  redundantHmm,
  sparseHmm,
} from "./structured.ts";
