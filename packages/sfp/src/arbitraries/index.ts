/**
 * fast-check arbitraries of semi-factored and factored processes and of joint beliefs, for property tests on your own code. Needs
 * the optional peer dependency fast-check.
 *
 * @packageDocumentation
 */
export { type JointBelief, type JointBeliefOptions, jointBelief, productBelief, stochasticMatrix } from "./beliefs.ts";
export { blockPartition } from "./partitions.ts";
export {
  type ChainedProcess,
  chainedProcess,
  type FactoredProcess,
  type IndependentProcess,
  independentProcess,
} from "./products.ts";
export { type SemiFactoredArbitraryOptions, sectorProcess, semiFactoredProcess } from "./semi-factored-processes.ts";
