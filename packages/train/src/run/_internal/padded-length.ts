/** Shortest sequence that a plan is compiled for, unless the context is shorter. */
const smallest = 8;

/**
 * The length of the plan for sequences of `length`: the next power of two, at most the context, so that sequences of all lengths share a few plans. Positions after the last
 * token do not matter, since attention is causal.
 */
export function paddedLength(length: number, nCtx: number): number {
  let padded = smallest;
  while (padded < length) padded *= 2;
  return Math.max(length, Math.min(padded, nCtx));
}
