import { solveMarkovChain } from "../../numeric/markov-chain.ts";
import { stationaryDistribution } from "../../numeric/stationary-distribution.ts";
import type { MixedStatePresentation } from "../../presentation/mixed-state-presentation.ts";
import { transitionMatrix } from "./presentation-chain.ts";

/** Shares of time of the mixed states of a presentation that may be truncated. */
export interface TruncatedWeights {
  /** `[n]`, sums to 1. */
  readonly weights: Float64Array;
  /** How much of the time, or of the probability, is spent where the presentation was cut off. */
  readonly truncation: number;
}

/** The frontier leads back to the initial belief: a chain that is irreducible, since nothing else is closed. */
function restarted(presentation: MixedStatePresentation): TruncatedWeights {
  const { size, matrix } = transitionMatrix(presentation);
  const { expanded } = presentation;
  for (let i = 0; i < size; i++) if (expanded[i] !== true) matrix[i * size] = 1;
  const weights = stationaryDistribution(matrix, size);
  const truncation = weights.reduce((sum, weight, i) => sum + (expanded[i] === true ? 0 : weight), 0);
  return { weights, truncation };
}

/** The frontier leads to one more state, which is closed, beside the recurrent classes. */
function absorbed(presentation: MixedStatePresentation): TruncatedWeights {
  const { size, matrix } = transitionMatrix(presentation);
  const { expanded, classes, complete } = presentation;
  const n = size + 1;
  const extended = new Float64Array(n * n);
  for (let i = 0; i < size; i++) extended.set(matrix.subarray(i * size, (i + 1) * size), i * n);
  for (let i = 0; i < size; i++) if (expanded[i] !== true) extended[i * n + size] = 1;
  extended[n * n - 1] = 1;
  const start = new Float64Array(n);
  start[0] = 1;
  const shares = solveMarkovChain(extended, n, [...classes, [size]]).timeAverage(start);
  const truncation = complete ? 0 : (shares[size] ?? 0);
  return { weights: shares.slice(0, size).map((weight) => weight / (1 - truncation)), truncation };
}

/**
 * Time averages from the initial belief. With recurrent classes inside, the truncation is the probability of leaving before one
 * is reached; without, it is the share of time that a chain restarted at its edge spends there.
 */
export function truncatedWeights(presentation: MixedStatePresentation): TruncatedWeights {
  return presentation.classes.length > 0 ? absorbed(presentation) : restarted(presentation);
}
